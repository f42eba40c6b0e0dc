"""``make bench-understanding``: which paper it is, what it says, where one ends and the next begins; on real and on drawn papers."""
