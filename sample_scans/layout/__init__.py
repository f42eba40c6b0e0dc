"""Sets pages as NĐ 30/2020 Phụ lục I asks: fonts, rich text, sheets, flow, heads, signature blocks, tables.

Nothing here knows what a paper says (``papers``) or what happens to it afterwards (``ink``, ``wear``).
"""
