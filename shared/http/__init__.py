"""The HTTP side that every service shares."""
