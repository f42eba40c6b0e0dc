"""Subscriptions of other systems, for administrators."""
