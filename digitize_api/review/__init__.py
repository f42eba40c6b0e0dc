"""Review: the queue by doubt, who has which component, what a field may be instead. Not here: the correction itself (``components``)."""
