"""What the first page tells those who answer for an agency, and those who keep the system running."""
