"""``/tra-cuu``: one box that finds papers, each with the place of its hit on the page image."""
