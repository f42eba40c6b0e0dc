"""The command line ``digitize …`` and the composition root: the only place that knows every package."""
