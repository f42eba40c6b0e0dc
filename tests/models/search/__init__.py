"""One contract, two engines."""
