"""Whether what reads the log moves, told by itself and by whoever looks from outside."""
