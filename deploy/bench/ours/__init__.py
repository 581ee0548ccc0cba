"""Contestant (i): the production worker and projector, with a fold of its own as every service has one."""
