"""Files of observations: how they are laid out, read row by row and checked, and what is wrong with them."""
