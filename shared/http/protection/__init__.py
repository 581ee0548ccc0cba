"""Nobody takes the platform away from others: who asks, how much, how large, and what of it may be kept."""
