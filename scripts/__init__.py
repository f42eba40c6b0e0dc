"""Small programs for maintainers: set-up of the front end, generated documentation, screenshots."""
