"""Accounts and stations of an agency and those below it, for its administrators."""
