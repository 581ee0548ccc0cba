"""Postgres of the public figures. A cell that is not there and one that is all zero are the same."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from shared.contracts.vocabulary import AggregateKind, AreaLevel, SourceKind
from shared.database import Connection, Record, queries

from ..figure.periods import PeriodKind, kind_of
from .domain import ORDER, Filters, ListPlace, spanned

_Q = queries(Path(__file__).with_name("published.sql"))

_OF_KIND = {
    PeriodKind.YEAR: "length(period) = 4",
    PeriodKind.QUARTER: "substr(period, 6, 1) = 'Q'",
    PeriodKind.MONTH: "length(period) = 7 AND substr(period, 6, 1) <> 'Q'",
}


async def state(connection: Connection) -> Record:
    """The number of the last publication, and how far the registers have grown."""
    [row] = await connection.fetch(_Q.state)
    return row


async def list_published(
    connection: Connection, filters: Filters, after: ListPlace | None, limit: int
) -> Sequence[Record]:
    """Cells with their sums by kind, code, source, period and area, past the place `after`."""
    return await _listed(connection, _Q.list_published, filters, after, limit)


async def list_shown(connection: Connection, filters: Filters, after: ListPlace | None, limit: int) -> Sequence[Record]:
    """As `list_published`, of what is shown."""
    return await _listed(connection, _Q.list_shown, filters, after, limit)


async def shown_by_municipality(
    connection: Connection, code: str, source: SourceKind, period: str, parts: str
) -> Record | None:
    """What is shown of every municipality, in one row; with the sums of `parts`: codes with a space between."""
    return await connection.fetchrow(_Q.shown_by_municipality, code, source, period, parts)


async def municipalities(connection: Connection, code: str, source: SourceKind, period: str) -> Sequence[Record]:
    """The sums of every municipality, a row for each."""
    return await connection.fetch(_Q.municipalities, code, source, period)


async def public_sums(
    connection: Connection, code: str, source: SourceKind, areas: Iterable[str], periods: Iterable[str], newest: str
) -> Sequence[Record]:
    """The sums of areas in these periods, and in every year up to `newest` (`''`: none)."""
    return await connection.fetch(_Q.public_sums, code, source, list(areas), list(periods), newest)


async def list_periods(connection: Connection, kind: AggregateKind, code: str, source: SourceKind) -> Sequence[Record]:
    """Every period in which an indicator or theme had a published figure, as text sorts them."""
    return await connection.fetch(_Q.list_periods, kind, code, source)


async def first_indicator(connection: Connection) -> str | None:
    """An indicator of which something was published; None when nothing was of any."""
    code: str | None = await connection.fetchval(_Q.first_indicator)
    return code


async def months(connection: Connection) -> Sequence[Record]:
    """The months of which dialogues give public figures, newest first."""
    return await connection.fetch(_Q.months)


async def series_of(connection: Connection, areas: Sequence[str]) -> Sequence[Record]:
    """The indicators and kinds of source of which something was published in these areas."""
    return await connection.fetch(_Q.series_of, list(areas))


async def _listed(
    connection: Connection, query: str, filters: Filters, after: ListPlace | None, limit: int
) -> list[Record]:
    found: list[Record] = []
    for beyond in _beyond(filters, after) if after else [()]:
        conditions, values = _conditions(filters, beyond)
        found += await connection.fetch(query % " AND ".join(conditions or ["true"]), limit - len(found), *values)
        if len(found) >= limit:
            break
    return found


def _beyond(filters: Filters, after: ListPlace) -> Iterator[tuple[tuple[str, str, object], ...]]:
    """What comes after a place, nearest first: each part is a range of the index. As one comparison of rows the rest of
    the conditions would not be searched by, only filtered."""
    free = [(name, value) for name, value in zip(ORDER, after, strict=True) if not _fixed(filters, name)]
    for last in reversed(range(len(free))):
        yield (*((name, "=", value) for name, value in free[:last]), (free[last][0], ">", free[last][1]))


def _fixed(filters: Filters, column: str) -> bool:
    return isinstance(getattr(filters, column), str)


def _conditions(filters: Filters, beyond: Iterable[tuple[str, str, object]] = ()) -> tuple[list[str], list[object]]:
    """Only what is asked is in the statement, so that each combination gets a plan of its own. $1 is the limit."""
    values: list[object] = []

    def given(value: object) -> str:
        values.append(value)
        return f"${len(values) + 1}"

    since, until = filters.since, filters.until
    if kind := filters.period_kind or ((since or until) and kind_of(since or until or "")):
        # Among periods of one kind the order of text is that of time.
        filters = spanned(filters, kind, since, until)
    found = [f"{column} = {given(getattr(filters, column))}" for column in ORDER if _fixed(filters, column)]
    found += [f"{column} {than} {given(value)}" for column, than, value in beyond]
    if filters.area is not None and not _fixed(filters, "area"):
        found.append(f"area = ANY({given(list(filters.area))})")
    if filters.theme is not None:
        # The theme is in no index; its codes are.
        found.append(_Q.of_theme % {"theme": given(filters.theme)})
    if filters.level is not None:
        # A word of ours, written out so that the planner sees that the partial index is of this level.
        found.append(f"level = '{AreaLevel(filters.level).value}'")
    span = []
    if filters.since is not None:
        span.append(f"period >= {given(filters.since)}")
    if filters.until is not None:
        span.append(f"period <= {given(filters.until)}")
    if filters.period_kind is not None:
        span.append(_OF_KIND[filters.period_kind])
    if span and filters.code is None and filters.area is None:
        found.append(_Q.of_periods % " AND ".join(span))
    return found + span, values
