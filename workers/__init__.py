"""Everything that happens to a page between the scanner and the warehouse.

``steps``, ``ocr``, ``classify`` and ``pdf`` are pure: arrays and dataclasses in, arrays and dataclasses out; they know
no Celery, no database and no store. ``pipeline`` strings them together on one screen; ``tasks`` is the thin part that
loads, calls the pipeline and saves. ``tools`` runs external programs under limits, one module per program.
"""
