"""Outcomes: what initiatives spent, learnt and achieved, and so what an outcome costs."""
