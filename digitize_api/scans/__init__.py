"""Scans: taking the bytes in, telling what became of them, and telling it live."""
