"""Monitor: geography, indicators and the figures that dialogues move."""

#: The first path segment that belongs to this service.
PREFIXES = ("/monitor",)
