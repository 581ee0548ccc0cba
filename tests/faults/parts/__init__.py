"""The parts of a stack that faults take away, and how they are looked at."""
