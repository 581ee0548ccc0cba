"""What a route asks of its caller."""

import jwt
from fastapi import Request
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase

from ..problems import Problem
from .bearer import principal_of
from .tokens import Principal


class Require(SecurityBase):
    """A FastAPI dependency: the caller has one of these roles. No token: 401. Another role: 403."""

    def __init__(self, *roles: str) -> None:
        self.roles = frozenset(roles)
        self.model = HTTPBearer(description="JWT, EdDSA, with the claim `roles`")
        self.scheme_name = "HTTPBearer"

    async def __call__(self, request: Request) -> Principal:
        """The caller, or Problem."""
        authorization = request.headers.get("authorization", "")
        if not authorization.lower().startswith("bearer "):
            raise _unauthorized("Stuur een token mee in de kop Authorization: Bearer <token>.")
        public_pem: str | None = request.app.state.settings.jwt_public_key
        if not public_pem:
            raise Problem(503, "no-verification-key", "Deze dienst heeft geen sleutel om tokens te controleren.")
        principal = _principal(request, authorization, public_pem)
        if not principal.roles & self.roles:
            wanted = " of ".join(sorted(self.roles))
            raise Problem(403, "wrong-role", f"Hiervoor is de rol {wanted} nodig.")
        return principal


def _principal(request: Request, authorization: str, public_pem: str) -> Principal:
    """Whom the gate found; where there is no gate, whom the header names."""
    principal: Principal | None = getattr(request.state, "principal", None)
    if principal is None:
        try:
            return principal_of(authorization, public_pem)
        except jwt.InvalidTokenError as error:
            raise _unauthorized("Het token is ongeldig of verlopen.") from error
    return principal


def _unauthorized(detail: str) -> Problem:
    return Problem(401, "no-valid-token", detail, headers={"WWW-Authenticate": "Bearer"})
