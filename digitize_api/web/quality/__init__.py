"""``/so-hoa-lo/{lô}/chat-luong``: how far a batch is checked, one paper after the other, odd pages, and fields keyed by two people."""
