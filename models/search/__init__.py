"""One index interface, two engines: SQLite FTS5 on one machine, PostgreSQL in a province."""
