"""The counter (``/quay``): an officer with a citizen waiting opens a dossier, sees what the warehouse holds, takes in the papers.

Belongs here: routes, words and what its templates (``templates/counter_*.html``) show. Does not: rules and queries, which are the services'.
"""
