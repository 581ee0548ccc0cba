"""Bearer tokens: Ed25519-signed JWTs that carry roles. Services hold the public key only."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt
from fastapi import Request
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from fastapi.security.utils import get_authorization_scheme_param

from .problems import Problem

ROLES = ("programme", "community", "finance", "editor", "partner", "operator")
_ISSUER = "veerkracht"
_ALGORITHM = "EdDSA"
#: Tokens kept as verified, each until it expires.
_KEPT = 1024


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


_verified: dict[tuple[str, str], tuple[Principal, float]] = {}


def read_token(token: str, public_pem: str) -> Principal:
    """Verify signature, issuer, audience and expiry; raises jwt.InvalidTokenError.

    A token that was verified by this key is not verified again before it expires.
    """
    if (known := _verified.get((token, public_pem))) and time.time() < known[1]:
        return known[0]
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
    if len(_verified) >= _KEPT:
        del _verified[next(iter(_verified))]
    _verified[token, public_pem] = principal, float(claims["exp"])
    return principal


class Require(SecurityBase):
    """A FastAPI dependency: the caller has one of these roles. No token: 401. Another role: 403."""

    def __init__(self, *roles: str) -> None:
        self.roles = frozenset(roles)
        self.model = HTTPBearer(description="JWT, EdDSA, with the claim `roles`")
        self.scheme_name = "HTTPBearer"

    async def __call__(self, request: Request) -> Principal:
        """The caller, or Problem."""
        scheme, token = get_authorization_scheme_param(request.headers.get("authorization"))
        if scheme.lower() != "bearer" or not token:
            raise _unauthorized("Stuur een token mee in de kop Authorization: Bearer <token>.")
        public_pem: str | None = request.app.state.settings.jwt_public_key
        if not public_pem:
            raise Problem(503, "no-verification-key", "Deze dienst heeft geen sleutel om tokens te controleren.")
        try:
            principal = read_token(token, public_pem)
        except jwt.InvalidTokenError as error:
            raise _unauthorized("Het token is ongeldig of verlopen.") from error
        if not principal.roles & self.roles:
            wanted = " of ".join(sorted(self.roles))
            raise Problem(403, "wrong-role", f"Hiervoor is de rol {wanted} nodig.")
        return principal


def _unauthorized(detail: str) -> Problem:
    return Problem(401, "no-valid-token", detail, headers={"WWW-Authenticate": "Bearer"})
