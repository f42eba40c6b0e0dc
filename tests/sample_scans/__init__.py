"""The generator of sample scans: every paper draws, its truth lies on its ink, the set redraws byte for byte."""
