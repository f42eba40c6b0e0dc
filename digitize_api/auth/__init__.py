"""Who is calling, and what they may do: station keys, sessions, CSRF, roles.

Belongs here: proving who calls, the one table of rights. Does not: keeping accounts and keys (``models.accounts``,
``models.stations``), or which agencies a role reaches (``models.scopes``).
"""
