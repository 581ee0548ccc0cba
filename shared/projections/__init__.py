"""Exact projections: events read from Kafka, each folded into read tables once."""
