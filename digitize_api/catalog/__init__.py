"""The catalog as the front door shows it: each line with its source and how sure it is (R40)."""
