"""Whom a header Authorization names."""

import jwt

from .tokens import Principal
from .verified_tokens import read_token


def principal_of(authorization: str, public_pem: str) -> Principal:
    """Who sends this header. Raises jwt.InvalidTokenError."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise jwt.InvalidTokenError("not a bearer token")
    return read_token(token.strip(), public_pem)
