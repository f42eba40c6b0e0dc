"""What a paper says in its fields, with who says so; a field on which its witnesses don't agree stays open."""
