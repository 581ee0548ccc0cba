"""What is published: the live public figures, for anyone to read as lists, series, maps and shares."""
