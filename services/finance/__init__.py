"""Finance: what the programme may spend, promised and paid, and what in its budget does not tie."""

#: The first path segments that belong to this service.
PREFIXES = ("/finance", "/financien")
