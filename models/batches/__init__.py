"""Back-scan batches (số hóa lô): what they are, what was found for them, what became of each file.

``store`` makes, starts and pauses them, ``items`` takes files in, ``feed`` posts them and settles what ended, ``judge`` says when too much of one
failed, ``papers`` ties components to inventory keys, ``progress`` counts; their tables are in ``entities``.
"""
