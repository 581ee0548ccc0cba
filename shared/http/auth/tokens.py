"""Bearer tokens: Ed25519-signed JWTs that carry roles. Services hold the public key only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt

ROLES = ("programme", "community", "finance", "editor", "partner", "operator")
_ISSUER = "veerkracht"
_ALGORITHM = "EdDSA"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: a pseudonymous subject and their roles."""

    subject: str
    roles: frozenset[str]


def mint(private_pem: str, subject: str, roles: Sequence[str], now: datetime, lifetime: timedelta) -> str:
    """Sign a token. `private_pem` is an Ed25519 key in PKCS8 PEM; `now` is UTC."""
    claims = {
        "iss": _ISSUER,
        "aud": _ISSUER,
        "sub": subject,
        "roles": list(roles),
        "iat": now,
        "exp": now + lifetime,
    }
    return jwt.encode(claims, private_pem, algorithm=_ALGORITHM)


def verify(token: str, public_pem: str) -> tuple[Principal, float]:
    """Who a token is of, and the Unix time at which it expires.

    Verifies signature, issuer, audience and expiry; raises jwt.InvalidTokenError.
    """
    claims = jwt.decode(
        token,
        public_pem,
        algorithms=[_ALGORITHM],
        audience=_ISSUER,
        issuer=_ISSUER,
        options={"require": ["exp", "sub", "iss", "aud"]},
    )
    roles = claims.get("roles")
    if not isinstance(roles, list):
        raise jwt.InvalidTokenError("roles is not a list")
    principal = Principal(str(claims["sub"]), frozenset(role for role in roles if role in ROLES))
    return principal, float(claims["exp"])
