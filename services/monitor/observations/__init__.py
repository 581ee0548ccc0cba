"""Observations from survey, GGD and open data: a file is checked row by row, then stored, published and told of."""
