"""Commitments: money of a budget line promised to an organisation, and what was paid under each."""
