"""Our own line reader: a small convolutional CTC net (``training/`` makes it) run by onnxruntime, without torch."""
