"""Paper results that agencies counted (kiểm đếm) and what became of them (R36).

``sheet`` reads a list, ``store`` keeps it, ``links`` ties a line to the stored paper that it names, ``counts`` says how much is done.
``matching`` compares all lines with all papers of an agency (``models.rules.matching``); ``exceptions`` are what it leaves to people, ``decisions`` what they
said, which everything else here keeps to.
"""
