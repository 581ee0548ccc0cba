"""The triggers: what the newsletter may want to tell."""
