"""Phone photos: drawn ones with known corners and text, and everything that is no photo of a sheet and must be left alone."""
