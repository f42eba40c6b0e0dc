"""A back-scan of thousands of papers on real processes that are killed on the way, while a counter goes on working."""
