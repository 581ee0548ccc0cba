"""Dutch web pages: one look for all services."""
