"""Where bytes rest: originals, derived PDFs, page previews and word files.

Belongs here: the ``ObjectStore`` protocol, its filesystem and S3 implementations, content addressing, fixity.
Does not: what an object means (``models``), who may read it (``digitize_api``). Imports no other package of ours.
"""
