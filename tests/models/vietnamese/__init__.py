"""Properties of Vietnamese text."""
