"""A province in one test: every service of docker-compose.yml as a real process, no container engine needed."""
