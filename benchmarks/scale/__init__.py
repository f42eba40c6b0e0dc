"""A province's metadata on PostgreSQL: 1,000,000 results and 3,000,000 pages, written as the product writes them, and what waits on them."""
