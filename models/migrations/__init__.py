"""Alembic's environment and versions; they ship in the wheel, and ``models.database.upgrade`` runs them."""
