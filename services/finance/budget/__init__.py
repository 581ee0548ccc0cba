"""The budget: its lines, the capacity inside them, and how they stand."""
