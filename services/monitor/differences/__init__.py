"""Differences: what changed between two editions, and which events caused it."""
