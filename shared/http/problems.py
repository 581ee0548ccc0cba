"""Errors over HTTP: problem+json (RFC 9457) in an API, a Dutch page for a browser."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import asyncpg
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic_core import ErrorDetails
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Scope

from ..refusals import Conflict, Invalid, NotFound, Refused
from ..web import pages
from ..web.notices import short
from .fields import NOT_AS_WRITTEN, said_of
from .routing.api_paths import is_api

_TITLES = {
    400: "De invoer klopt niet",
    401: "U bent niet aangemeld",
    403: "U mag dit niet",
    404: "Niet gevonden",
    405: "Dat kan hier niet",
    408: "Het bericht kwam te langzaam",
    409: "Dat past niet bij de huidige stand",
    413: "Het bericht is te groot",
    414: "Het adres is te lang",
    415: "Dit is niet in een vorm die hier gelezen wordt",
    422: "Dat is niet bekend",
    429: "Dat is te vaak",
    431: "De koppen zijn te groot",
    500: "Er ging iets mis bij ons",
    501: "Dat kan hier niet",
    503: "De dienst is even niet beschikbaar",
}

_STATUS: Mapping[type[Refused], int] = {Invalid: 400, NotFound: 404, Conflict: 409}

#: Dutch for pydantic's error types; `{…}` comes from the error's context. The kinds of `fields` say theirs themselves.
_DUTCH = {
    "missing": "dit veld ontbreekt",
    "extra_forbidden": "dit veld is onbekend",
    "json_invalid": "dit is geen geldige JSON",
    "model_attributes_type": "hier hoort een JSON-object",
    "model_type": "hier hoort een JSON-object",
    "string_type": "hier hoort tekst",
    "string_unicode": "deze tekst is geen geldige Unicode",
    "string_too_short": "minstens {min_length} teken(s)",
    "string_too_long": "hoogstens {max_length} tekens",
    "string_pattern_mismatch": "dit past niet bij het patroon {pattern}",
    "int_type": "hier hoort een geheel getal",
    "int_parsing": "hier hoort een geheel getal",
    "int_parsing_size": "dit getal is te groot",
    "int_from_float": "hier hoort een geheel getal, zonder cijfers achter de komma",
    "bool_type": "hier hoort true of false",
    "bool_parsing": "hier hoort true of false",
    "float_type": "hier hoort een getal",
    "finite_number": "hier hoort een eindig getal",
    "greater_than_equal": "minstens {ge}",
    "greater_than": "meer dan {gt}",
    "less_than_equal": "hoogstens {le}",
    "less_than": "minder dan {lt}",
    "enum": "kies uit {expected}",
    "literal_error": "kies uit {expected}",
    "dict_type": "hier hoort een JSON-object",
    "dict_attributes_type": "hier hoort een JSON-object",
    "list_type": "hier hoort een lijst",
    "tuple_type": "hier hoort een lijst",
    "too_short": "minstens {min_length} onderdelen; het zijn er {actual_length}",
    "too_long": "hoogstens {max_length} onderdelen; het zijn er {actual_length}",
    "date_type": "hier hoort een datum zoals 2026-11-24",
    "date_parsing": "hier hoort een datum zoals 2026-11-24",
    "date_from_datetime_parsing": "hier hoort een datum zoals 2026-11-24",
    "date_from_datetime_inexact": "hier hoort een datum zoals 2026-11-24, zonder tijd",
    "value_error": "{error}",
}

#: As nginx has it: who asked left before the answer.
BROKEN_OFF = 499

_log = structlog.get_logger(__name__)


class Problem(Exception):
    """An HTTP answer that is a problem. `errors` points at each wrong field.

    Seen by: who asks, as `application/problem+json` or a Dutch page. Ends: the request.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = errors
        self.headers = headers


def response(problem: Problem) -> JSONResponse:
    """The problem as `application/problem+json`."""
    body: dict[str, object] = {
        "type": f"urn:veerkracht:problem:{problem.code}",
        "status": problem.status,
        "title": _title(problem.status),
        "detail": problem.detail,
    }
    if problem.errors:
        body["errors"] = list(problem.errors)
    return JSONResponse(
        body, problem.status, media_type="application/problem+json", headers=dict(problem.headers or {})
    )


def answer(scope: Scope, service: str, problem: Problem) -> Response:
    """The problem as who asks wants it: a page for a browser, outside an API."""
    if is_api(scope["path"]):
        return response(problem)
    told: Response
    if "text/html" in Headers(scope=scope).get("accept", ""):
        told = pages.error_page(service, problem.status, _title(problem.status), problem.detail)
        told.headers.update(problem.headers or {})
    else:
        told = response(problem)
    told.headers["Vary"] = "Accept"
    return told


def from_refusal(refused: Refused) -> Problem:
    """What a refused command is over HTTP."""
    errors = [{"pointer": refused.pointer, "detail": refused.detail}] if refused.pointer else []
    return Problem(_STATUS[type(refused)], refused.code, refused.detail, errors)


def install(app: FastAPI) -> None:
    """Make every error of the app a problem."""

    def told(request: Request, problem: Problem) -> Response:
        return answer(request.scope, getattr(request.app.state, "service", ""), problem)

    @app.exception_handler(ClientDisconnect)
    async def on_broken_off(_: Request, __: ClientDisconnect) -> Response:
        # Nobody hears it; so it is measured and logged as what it is.
        return Response(status_code=BROKEN_OFF)

    @app.exception_handler(Problem)
    async def on_problem(request: Request, problem: Problem) -> Response:
        return told(request, problem)

    @app.exception_handler(Refused)
    async def on_refused(request: Request, refused: Refused) -> Response:
        return told(request, from_refusal(refused))

    @app.exception_handler(RequestValidationError)
    async def on_invalid(request: Request, error: RequestValidationError) -> Response:
        errors = [field_error(detail) for detail in error.errors()]
        return told(request, Problem(400, "invalid-input", "; ".join(_sentence(e) for e in errors), errors))

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> Response:
        # FastAPI answers 400 when Python does not read a body as JSON, for whatever reason.
        detail = {
            400: "Dit is geen JSON in UTF-8 die te lezen is: ongeldig, te diep, of met een te lang getal.",
            404: f"Het adres {short(request.url.path)} bestaat niet.",
            405: f"De methode {short(request.method)} kan hier niet.",
        }.get(error.status_code, str(error.detail))
        code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
        return told(request, Problem(error.status_code, code, detail, headers=error.headers))

    @app.exception_handler(asyncpg.PostgresConnectionError)
    @app.exception_handler(asyncpg.OperatorInterventionError)
    @app.exception_handler(asyncpg.InternalClientError)
    @app.exception_handler(asyncpg.InsufficientResourcesError)
    @app.exception_handler(asyncpg.TransactionRollbackError)
    @app.exception_handler(OSError)
    async def on_outage(request: Request, error: Exception) -> Response:
        # A connection lost during COMMIT leaves it open whether it happened: ids and keys make a retry harmless.
        _log.warning("postgres out of reach", error=repr(error))
        detail = "De gegevens zijn even niet bereikbaar. Stuur het straks opnieuw: dat kan geen kwaad."
        return told(request, Problem(503, "database-unavailable", detail, headers={"Retry-After": "5"}))

    @app.exception_handler(asyncpg.InterfaceError)
    async def on_lost_connection(request: Request, error: asyncpg.InterfaceError) -> Response:
        # The driver says so of a connection that was lost a moment ago, and of our own mistakes.
        return await (on_outage if "clos" in str(error) else on_bug)(request, error)

    @app.exception_handler(Exception)
    async def on_bug(request: Request, error: Exception) -> Response:
        _log.error("unexpected error", path=request.url.path, exc_info=error)
        return told(request, Problem(500, "internal-error", "Er ging iets mis bij ons. Er is niets opgeslagen."))


def _title(status: int) -> str:
    return _TITLES.get(status, HTTPStatus(status).phrase)


def field_error(detail: ErrorDetails) -> dict[str, str]:
    """An error of Pydantic as a problem says it: at which field, and in Dutch what was expected."""
    place, *path = detail["loc"]
    text = in_dutch(detail)
    if detail["type"] == "json_invalid" or not path:
        return {"pointer": "#", "detail": text}
    if place == "body":
        # Pydantic adds "[key]" when it is an object's key that is wrong.
        parts = [_escape(str(part)) for part in path if part != "[key]"]
        return {"pointer": "#/" + "/".join(parts), "detail": text}
    return {"parameter": str(path[0]), "in": str(place), "detail": text}


def in_dutch(detail: Mapping[str, Any]) -> str:
    """An error of Pydantic as a sentence: what was expected."""
    context = detail.get("ctx", {})
    if detail["type"] == NOT_AS_WRITTEN:
        return said_of(detail["input"], context["expected_text"], context["allowed"])
    # What is not Pydantic's own is Dutch already.
    template: str = _DUTCH.get(detail["type"], detail["msg"])
    if detail["type"] not in _DUTCH:
        return template
    if "expected" in context:
        context = {**context, "expected": context["expected"].replace(" or ", " of ")}
    return template.format(**context)


def _escape(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def _sentence(error: Mapping[str, str]) -> str:
    return f"{error.get('pointer') or error['parameter']}: {error['detail']}"
