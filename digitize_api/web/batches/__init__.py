"""``/so-hoa-lo``: the back-scan team's page, a bar that moves and what needs a person."""
