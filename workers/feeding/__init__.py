"""From folders, ZIPs and manifests to documents in the store, for ``digitize batch``: what is there, what is complete, what belongs together.

Nothing here posts anything: ``models.batches.items`` says what a document is to its batch, ``models.batches.feed`` makes scans.
"""
