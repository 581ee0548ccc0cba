"""Observations from survey, GGD and open data: a file checked row by row, stored whole or by choice its good rows, told."""
