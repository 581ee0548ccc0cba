"""Quality findings: what a reader must know of the data."""
