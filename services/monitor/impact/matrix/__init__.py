"""The matrix of three levels by two questions, with everything that answers it."""
