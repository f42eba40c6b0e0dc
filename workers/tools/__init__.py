"""External programs, one module each: a frozen probe ("installed, and new enough?") and calls under limits."""
