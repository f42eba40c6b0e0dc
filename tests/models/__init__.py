"""Tests of ``models``: on SQLite and on a real PostgreSQL."""
