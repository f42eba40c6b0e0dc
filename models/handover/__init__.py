"""Handing dossiers over, and taking them in (R31): what is told of each, in the field names of NĐ 30/2020/NĐ-CP Phụ lục VI and whole.

``appendix`` fills the appendix' fields within their lengths, ``record`` is the JSON of a dossier, ``give`` reads it off the database,
``take`` writes it into another one. Packages themselves are ``storage.bags``.
"""
