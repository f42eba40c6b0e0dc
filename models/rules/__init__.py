"""The law as pure functions: no database, no clock, no store. What is uncertain in the law comes in as data (``models.catalog``)."""
