"""Who asks and whether they ask too often, before anything else is done for them.

A token counts for its subject, wherever it comes from: one in an office does not use up what the others there have.
Who sends none counts for an address, and who sends wrong ones for the address too, apart and lower.
"""

from collections.abc import Mapping
from typing import NamedTuple

import jwt
from starlette.types import Scope

from ...runtime.settings import Settings
from ..auth import Principal
from ..auth.bearer import principal_of
from ..problems import Problem
from .addresses import Addresses, networks
from .rates import Rate, Standing, rate

_READS = frozenset({"GET", "HEAD", "OPTIONS"})

Headers = list[tuple[bytes, bytes]]


class Admission(NamedTuple):
    """Who asks, what they count as, what they are told of their rate, and why not, when they are not let in."""

    principal: Principal | None
    asker: str
    told: Headers
    refused: Problem | None = None


class Gate:
    """The gate of one service in one process."""

    def __init__(self, settings: Settings, service: str) -> None:
        self._key = settings.jwt_public_key
        self._addresses = Addresses(networks(settings.trusted_proxies))
        self._failures = rate("tokens", settings.limit_failed_tokens)
        self._subjects = rate("reads", settings.limit_subject_reads), rate("commands", settings.limit_subject_commands)
        self._others = rate("reads", settings.limit_address_reads), rate("commands", settings.limit_address_commands)
        #: Of the operator and the proxy: these must hear it also when there is a rush.
        self._open = {f"/{service}/{name}" for name in ("healthz", "readyz", "health", "metrics")}

    def admit(self, scope: Scope, headers: Mapping[bytes, bytes], now: float) -> Admission:
        """Look at one request, at a time in seconds."""
        if b"authorization" in headers and sum(name == b"authorization" for name, _ in scope["headers"]) > 1:
            # Who reads the first and who reads the last would take them for different people.
            return Admission(
                None, "", [], Problem(400, "several-tokens", "Stuur één kop Authorization: dit zijn er meer.")
            )
        principal, wrong = self._caller(headers.get(b"authorization"))
        if scope["path"] in self._open:
            return Admission(principal, "", [])
        asker = self._addresses.of(scope) if principal is None else principal.subject
        if wrong and self._failures is not None:
            standing = self._failures.take(asker, now)
            if not standing.allowed:
                return _refused(principal, asker, self._failures, standing, "ongeldige tokens")
        command = scope["method"] not in _READS
        counted = (self._subjects if principal is not None else self._others)[command]
        if counted is None:
            return Admission(principal, asker, [])
        standing = counted.take(asker, now)
        if not standing.allowed:
            return _refused(principal, asker, counted, standing, "opdrachten" if command else "vragen")
        return Admission(principal, asker, _told(counted, standing))

    def _caller(self, authorization: bytes | None) -> tuple[Principal | None, bool]:
        """Who it is, and whether what they sent is wrong."""
        if authorization is None or not self._key:
            return None, False
        try:
            return principal_of(authorization.decode("latin-1"), self._key), False
        except jwt.InvalidTokenError:
            return None, True


def _told(counted: Rate, standing: Standing) -> Headers:
    return [(b"ratelimit-policy", counted.policy), (b"ratelimit", counted.told(standing))]


def _refused(principal: Principal | None, asker: str, counted: Rate, standing: Standing, what: str) -> Admission:
    detail = f"U stuurt te veel {what} achter elkaar. Er is niets opgeslagen. Wacht {standing.seconds} s."
    problem = Problem(429, "too-many-requests", detail, headers={"Retry-After": str(standing.seconds)})
    return Admission(principal, asker, _told(counted, standing), problem)
