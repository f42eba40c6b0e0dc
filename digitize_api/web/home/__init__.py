"""``/`` for those who answer for an agency (what waits) and for administrators (what runs); a clerk's first page is the counter."""
