"""The log of who looked at or changed what, for those who answer for an agency."""
