"""Impact: is the programme effective and efficient, at three levels, with honest unknowns."""
