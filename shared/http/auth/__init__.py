"""Who may do what: bearer tokens that carry roles, and routes that ask for one."""

from .require import Require
from .tokens import ROLES, Principal, mint

__all__ = ["ROLES", "Principal", "Require", "mint"]
