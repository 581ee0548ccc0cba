"""Postgres for one service: connections as its own role, named queries, and the migrations that made its schema."""

from .connections import TRANSIENT, Connection, Pool, Record, connect, create_pool, one_moment, role, shadow
from .named_queries import Queries, queries
from .ordered_log import RENEWED, OrderedLog

__all__ = [
    "RENEWED",
    "TRANSIENT",
    "Connection",
    "OrderedLog",
    "Pool",
    "Queries",
    "Record",
    "connect",
    "create_pool",
    "one_moment",
    "queries",
    "role",
    "shadow",
]
