"""Bearer tokens: Ed25519-signed JWTs that carry roles. Services hold the public key only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

import jwt
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from .problems import Problem

ROLES = ("programme", "community", "finance", "editor", "partner", "operator")
_ISSUER = "veerkracht"
_ALGORITHM = "EdDSA"

_bearer = HTTPBearer(auto_error=False, description="JWT, EdDSA, with the claim `roles`")


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


def read_token(token: str, public_pem: str) -> Principal:
    """Verify signature, issuer, audience and expiry; raises jwt.InvalidTokenError."""
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
    return Principal(str(claims["sub"]), frozenset(role for role in roles if role in ROLES))


class Require:
    """A FastAPI dependency: the caller has one of these roles. No token: 401. Another role: 403."""

    def __init__(self, *roles: str) -> None:
        self.roles = frozenset(roles)

    async def __call__(
        self, request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
    ) -> Principal:
        """The caller, or Problem."""
        if given is None:
            raise _unauthorized("Stuur een token mee in de kop Authorization: Bearer <token>.")
        public_pem: str | None = request.app.state.settings.jwt_public_key
        if not public_pem:
            raise Problem(503, "no-verification-key", "Deze dienst heeft geen sleutel om tokens te controleren.")
        try:
            principal = read_token(given.credentials, public_pem)
        except jwt.InvalidTokenError as error:
            raise _unauthorized("Het token is ongeldig of verlopen.") from error
        if not principal.roles & self.roles:
            wanted = " of ".join(sorted(self.roles))
            raise Problem(403, "wrong-role", f"Hiervoor is de rol {wanted} nodig.")
        return principal


def _unauthorized(detail: str) -> Problem:
    return Problem(401, "no-valid-token", detail, headers={"WWW-Authenticate": "Bearer"})
