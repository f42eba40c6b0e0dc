"""The review page: the queue by doubt, and a paper's image beside its fields."""
