"""``/ban-quet``: the pages of a scan in a row, with scissors between them."""
