"""Makes the reader's weights: text, drawn and worn lines, the net, resumable training, export to int8 ONNX.

Needs the dependency group ``training`` (torch among it) and the fonts of ``training/apt.txt``; the product needs neither.
"""
