"""What every process has: settings, a way to stop, and when it looks for garbage."""
