"""``/tai-khoan`` and ``/tram``: accounts and stations."""
