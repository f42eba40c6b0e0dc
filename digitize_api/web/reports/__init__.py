"""``/bao-cao``: ratios with their targets, the backlog's bar, units that lag; for whoever answers for an agency, on any screen."""
