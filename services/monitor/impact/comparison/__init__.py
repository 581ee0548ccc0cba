"""Comparison: towns in the programme beside those outside it, which is no proof."""
