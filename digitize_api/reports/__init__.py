"""Ratios, targets and what lags, over HTTP: within the caller's agencies, and without personal data."""
