"""Results: finding a paper by its words, its number, its holder."""
