"""The dialogues: planned, held and withdrawn."""
