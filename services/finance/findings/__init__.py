"""Findings: what in the budget does not tie."""
