"""Dossiers: opening one, finding it again, what it holds."""
