"""``/nhat-ky``: who looked at or changed what, and when."""
