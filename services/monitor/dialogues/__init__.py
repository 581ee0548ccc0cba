"""Dialogues: what was found in them counts by the learning key, exactly here, and in public by publication."""
