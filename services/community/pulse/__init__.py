"""The pulse: what is lively in the programme now, by theme, area and initiative. Approximate; it heals itself."""
