"""Which pages are one paper, and which way up they are, as a person says."""
