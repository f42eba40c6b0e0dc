"""Mirrors the tree; ``services`` starts real servers, ``faults`` breaks them, ``browser`` clicks the pages."""
