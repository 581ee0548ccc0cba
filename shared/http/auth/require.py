"""What a route asks of its caller."""

import jwt
from fastapi import Request
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from fastapi.security.utils import get_authorization_scheme_param

from ..problems import Problem
from .tokens import Principal
from .verified_tokens import read_token


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
