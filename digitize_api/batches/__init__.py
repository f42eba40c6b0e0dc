"""Back-scans: batches, how far they are, what became of each of their files."""
