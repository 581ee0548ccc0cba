"""Bearer tokens: Ed25519-signed JWTs that carry roles. Services hold the public key only."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt

ROLES = ("programme", "community", "finance", "editor", "partner", "operator")
_ISSUER = "veerkracht"
_ALGORITHM = "EdDSA"
#: Whoever issues a token names people by an id of its own; it is stored beside what they do.
_SUBJECT = re.compile(r"[\x21-\x7e]{1,200}")


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

    Verifies signature, issuer, audience and expiry; raises jwt.InvalidTokenError. When it was issued is not looked at:
    a token from ahead of our clock says that our clock is behind, which health tells, and nothing of who asks.
    """
    claims = jwt.decode(
        token,
        public_pem,
        algorithms=[_ALGORITHM],
        audience=_ISSUER,
        issuer=_ISSUER,
        options={"require": ["exp", "sub", "iss", "aud"], "verify_iat": False},
    )
    subject = claims["sub"]
    if not isinstance(subject, str) or _SUBJECT.fullmatch(subject) is None:
        raise jwt.InvalidTokenError("sub is not 1 to 200 printable characters of ASCII")
    roles = claims.get("roles")
    if not isinstance(roles, list):
        raise jwt.InvalidTokenError("roles is not a list")
    principal = Principal(subject, frozenset(role for role in roles if role in ROLES))
    return principal, float(claims["exp"])
