"""What a process says of itself: logs, metrics, health and the traces that its events carry on."""
