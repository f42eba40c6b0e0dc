"""Pure steps on one page: decode, inspect, orient, deskew, clean, blank. No Celery, database or store here."""
