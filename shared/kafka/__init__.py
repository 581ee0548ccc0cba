"""Kafka's clients as every process of ours uses them."""
