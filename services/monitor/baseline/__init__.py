"""The baseline of 2016: facts as their sources state them, never recalculated."""
