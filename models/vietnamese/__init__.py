"""Vietnamese text, pure: normal form and tone placement, folding for search, numbers of documents."""
