"""What anyone may read of the figures over HTTP. Every answer keeps the kinds of source apart.

Nothing changes between two publications, so the number of the last one is the version of every answer.
"""

from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from msgspec import Raw

from shared.contracts.vocabulary import AggregateKind, AreaLevel, Measure, SourceKind, Theme
from shared.database import Connection
from shared.http.fields import AreaCode, Code, CursorText, Day, DecimalText, Id, LongLimit, Period, Year
from shared.http.problems import Problem
from shared.refusals import Invalid, NotFound

from ..areas.domain import require_area
from ..areas.geography import NotRecalculable
from ..figure.periods import PeriodKind, kind_of, last_day
from ..figure.public import PublicTally
from ..figure.tally import MILLION
from ..indicators.domain import Indicator, require_code, require_indicator
from . import figures, maps, municipalities, views
from .domain import ORDER, Filters, ListPlace, list_place, spanned
from .register import Register, State
from .share import Cutoff, share_of_municipalities
from .version import answer

#: More than a series or a map can have.
_MOST = 100_000
_RULE = (
    "Een gemeente die uit andere voortkwam of groter werd, telt mee als al die gemeenten meetelden, niet als geen "
    "ervan meetelde, en is anders onbekend."
)

PeriodQuery = Annotated[Period, Query(description="`2019`, `2019-Q1` or `2019-03`")]
Since = Annotated[Period | None, Query(alias="from", description="periods that begin no earlier")]
Until = Annotated[Period | None, Query(alias="to", description="periods that end no later")]
Kind = Annotated[PeriodKind | None, Query(alias="periodKind")]
Division = Annotated[Year | None, Query(description="in the division into municipalities of this year")]

router = APIRouter(
    prefix="/monitor/v1", tags=["monitor"], responses={304: {"description": "Niet veranderd sinds deze ETag"}}
)


@router.get("/aggregates", response_model=views.Aggregates)
async def list_aggregates(
    request: Request,
    kind: AggregateKind | None = None,
    code: Code | None = None,
    theme: Theme | None = None,
    level: AreaLevel | None = None,
    area: Code | None = None,
    period: Annotated[Period | None, Query(description="`2019`, `2019-Q1` or `2019-03`")] = None,
    source: SourceKind | None = None,
    period_kind: Kind = None,
    since: Since = None,
    until: Until = None,
    after: CursorText | None = None,
    limit: LongLimit = 100,
) -> Response:
    """Published figures per indicator or theme, kind of source, period and area.

    What is not there has no data, or too few to show. Of fewer than 100 answers a mean is rounded to 1/40 of the range
    of its unit, and there is no distribution.
    """
    filters = Filters(kind, code, theme, level, area, period, source, period_kind, since, until)
    place = _place(after, filters)

    async def build(connection: Connection, seen: State, register: Register) -> dict[str, object]:
        if code is not None:
            require_code(register.indicators, code, kind)
        if area is not None:
            require_area(register.geography.areas, area)
        found = await figures.list_shown(connection, register, filters, place, limit + 1)
        return {
            "items": [views.aggregate(one, register.quantity(one.cell).measure) for one in found[:limit]],
            "next": ".".join(list_place(found[limit - 1].cell)) if len(found) > limit else None,
            "publication": max([seen.publication, *(one.publication for one in found[:limit])]),
        }

    return await answer(request, build)


@router.get("/indicators/{code}/areas/{area}/series", response_model=views.AreaSeries)
async def get_series(
    request: Request,
    code: Id,
    area: AreaCode,
    source: SourceKind | None = None,
    since: Since = None,
    until: Until = None,
    period_kind: Kind = None,
    indeling: Division = None,
) -> Response:
    """An indicator in an area through time, each kind of source apart; years, unless `from`, `to` or `periodKind` says
    otherwise. With `indeling` each period is made of what the area was then, or says why that cannot be."""
    kind = period_kind or kind_of(since or until or "2019")

    async def build(connection: Connection, seen: State, register: Register) -> dict[str, object]:
        indicator, geography = _indicator(register, code), register.geography
        require_area(geography.areas, area)
        if indeling is not None:
            _require_division(register, indeling)
            if not geography.in_division(area, indeling):
                raise NotFound("area-not-in-division", _sentence(geography.parts(area, indeling, str(indeling))))
        areas = [area] if indeling is None else sorted(geography.candidates(area, indeling))
        filters = Filters(AggregateKind.INDICATOR, code, area=areas, source=source)
        found: dict[SourceKind, dict[str, dict[str, PublicTally]]] = defaultdict(lambda: defaultdict(dict))
        newest = seen.publication
        for one in await figures.list_published(connection, spanned(filters, kind, since, until), None, _MOST):
            found[one.cell.source][one.cell.period][one.cell.area] = one.tally
            newest = max(newest, one.publication)
        return {
            "indicator": code,
            "measure": indicator.measure,
            "area": area,
            "indeling": indeling,
            "series": [
                {
                    "source": name,
                    "points": [
                        {
                            "period": period,
                            "figure": views.figure(tally, indicator.quantity) if tally else None,
                            "parts": parts,
                            "reason": reason,
                        }
                        for period, published in periods.items()
                        for tally, parts, reason in [
                            maps.figure_in_division(geography, area, indeling, period, published)
                        ]
                        if tally or reason
                    ],
                }
                for name, periods in found.items()
            ],
            "breaks": _breaks(register, indicator, area if indeling is None else None),
            "publication": newest,
        }

    return await answer(request, build)


@router.get("/indicators/{code}/map", response_model=views.Map)
async def get_map(
    request: Request, code: Id, period: PeriodQuery, source: SourceKind, indeling: Division = None
) -> Response:
    """An indicator in every municipality in a period: those there were at its beginning, or on 1 January of the year
    of `indeling`."""

    async def build(connection: Connection, seen: State, register: Register) -> dict[str, object]:
        indicator, geography = _indicator(register, code), register.geography
        if indeling is not None:
            _require_division(register, indeling)
        if indeling is None:
            areas, newest = await maps.as_it_was(connection, geography, indicator, source, period)
        else:
            areas, newest = await maps.in_division(connection, geography, indicator, source, period, indeling)
        return {
            "indicator": code,
            "measure": indicator.measure,
            "source": source,
            "period": period,
            "indeling": indeling,
            "areas": Raw(areas.encode()),
            "publication": max(seen.publication, newest),
        }

    return await answer(request, build)


@router.get("/shares-of-municipalities", response_model=views.ShareOfMunicipalities)
async def get_share_of_municipalities(
    request: Request,
    indicator: Id,
    source: SourceKind,
    period: PeriodQuery,
    on: Annotated[Day | None, Query(description="of the municipalities of this day; else of the period's last")] = None,
    at_least: Annotated[DecimalText | None, Query(alias="atLeast", description="in the indicator's unit")] = None,
    at_most: Annotated[DecimalText | None, Query(alias="atMost", description="in the indicator's unit")] = None,
) -> Response:
    """How many municipalities reach a bar, of how many there are: "all municipalities dementia-friendly by 2020".

    Give either `atLeast` or `atMost`. By the published figures of the municipalities of a period, carried over to those
    of a later day; `rule` says how.
    """
    cutoff = _cutoff(at_least, at_most)
    since = last_day(period)
    day = on or since
    if day < since:
        raise Invalid("before-period", f"on moet op of na {since} liggen, de laatste dag van de periode.")

    async def build(connection: Connection, seen: State, register: Register) -> views.ShareOfMunicipalities:
        known, geography = _indicator(register, indicator), register.geography
        if known.measure is Measure.DISTRIBUTION:
            raise Invalid("no-single-value", f"Indicator {indicator} is een verdeling: die heeft niet één waarde.")
        for year in (since.year, day.year):
            _require_division(register, year)
        published, newest = await municipalities.tallies(connection, indicator, source, period)
        share = share_of_municipalities(geography, published, known.quantity, cutoff, since, day)
        exact = None if share.undecided or not share.denominator else len(share.reached) / share.denominator
        return {
            "indicator": indicator,
            "source": source,
            "period": period,
            "on": day,
            "numerator": len(share.reached),
            "denominator": share.denominator,
            "unknown": len(share.undecided),
            "share": None if exact is None else round(exact, 3),
            "reached": sorted(share.reached),
            "missed": sorted(share.missed),
            "undecided": sorted(share.undecided),
            "rule": _RULE,
            "publication": max(seen.publication, newest),
        }

    return await answer(request, build)


def _breaks(register: Register, indicator: Indicator, area: str | None) -> list[views.Break]:
    """What makes later figures of an indicator, and in an area as it was, differ from earlier ones."""
    found: list[views.Break] = [
        {
            "on": version.valid_from,
            "of": "version",
            "comparable": version.comparable,
            "reason": version.reason or version.change,
        }
        for version in indicator.versions
    ]
    if area is not None:
        found += [
            {"on": on, "of": "division", "comparable": False, "reason": told}
            for on, told in register.geography.changes_of(area)
        ]
    return sorted(found, key=lambda one: one["on"])


def _indicator(register: Register, code: str) -> Indicator:
    require_indicator(register.indicators, code)
    return register.indicators[code]


def _require_division(register: Register, year: int) -> None:
    years = register.geography.years(datetime.now(UTC).date())
    if year not in years:
        known = f"kies een jaar van {years[0]} tot en met {years[-1]}" if years else "er zijn nog geen gemeenten"
        detail = f"De indeling van {year} is niet bekend: {known}."
        raise Problem(422, "unknown-division", detail)


def _sentence(refused: object) -> str:
    return f"{refused.reason}." if isinstance(refused, NotRecalculable) else ""


def _cutoff(at_least: str | None, at_most: str | None) -> Cutoff:
    if (at_least is None) == (at_most is None):
        raise Invalid("one-bar", "Geef atLeast of atMost, en niet allebei.")
    return Cutoff(int(Decimal(at_least or at_most or "0") * MILLION), at_most is not None)


def _place(cursor: str | None, filters: Filters) -> ListPlace | None:
    """The place in the list that a cursor names. Raises Invalid when it is not one of this list."""
    if cursor is None:
        return None
    parts = cursor.split(".")
    wanted = [getattr(filters, name) for name in ORDER]
    if (
        len(parts) != len(wanted)
        or not all(parts)
        or any(w not in (None, part) for w, part in zip(wanted, parts, strict=True))
    ):
        raise Invalid("invalid-cursor", "after is geen cursor van deze lijst: neem de waarde van next over.")
    return parts[0], parts[1], parts[2], parts[3], parts[4]
