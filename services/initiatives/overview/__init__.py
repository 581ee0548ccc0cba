"""One initiative as a whole: what it is, how it went and what it taught."""
