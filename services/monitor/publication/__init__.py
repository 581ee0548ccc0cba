"""Publication: which units become public, and in which packets; the public figures move by it, and events tell so."""
