"""Papers that the counter prints."""
