"""Accuracy, speed and memory beside other programs; numbers are kept with machine and commit in ``results``."""
