"""``/kho``: the warehouse of one person or organisation."""
