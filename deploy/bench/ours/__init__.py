"""Contestant (i): the production worker and projector, with a fold of its own as every service has one."""

#: What a group's name gets when its tables are rebuilt.
AGAIN = "-again"
