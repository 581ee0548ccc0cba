"""Feeds: every public event for partner organisations, as the CloudEvent that was published."""

#: The first path segment that belongs to this service.
PREFIXES = ("/feeds",)
