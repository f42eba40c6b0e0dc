"""Tunes the weights of ``workers.classify``: drawn papers, read with slips, in; ``workers/classify/weights.json`` out. No torch."""
