"""The front door: HTTP API (``/api/v1``), the web pages, accounts and station keys.

Belongs here: who may, and how it is shown. Does not: what a scan goes through (``models.intake``, ``workers``). Of
``workers`` it imports only ``workers.names``, the module that names the tasks.
"""
