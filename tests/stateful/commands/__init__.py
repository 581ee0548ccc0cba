"""What commands are made of, by what they are about: each is entered in the table of asked.py."""
