"""History: the public figures at any moment of publication, what moved each, and why it is what it is."""
