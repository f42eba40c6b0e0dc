"""``/noi-nhan``: which other systems are told what happens, and what did not reach them."""
