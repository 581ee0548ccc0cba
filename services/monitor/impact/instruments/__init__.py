"""Instruments: options that are explored, what speaks for and against each, and what was decided."""
