"""The page on which all of finance is found."""
