"""Which pages are one paper, in which order, which are left out, and which way up they are, as a person says."""
