"""Tests of the training kit, as far as they go without torch."""
