"""What holds for every route of every service: what may be asked of it, and what its answers have."""
