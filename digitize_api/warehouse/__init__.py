"""The warehouse of one person or organisation: opened for a purpose, every look on record."""
