"""Hand-over packages: dossiers out as a bag, and in again (R31)."""
