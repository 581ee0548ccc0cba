"""What anyone may read of the figures: the cells of `published`, and the registers that explain them.

A cell that is not there and one that is all zero are the same: nothing public is known of it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from shared.contracts.vocabulary import AggregateKind, AreaChangeKind, AreaLevel, Measure, SourceKind, Theme
from shared.database import Connection, Record, queries

from . import store
from .cells import PublicCell
from .crosswalk import Area, AreaChange
from .geography import Geography
from .periods import PeriodKind, first_within, kind_of, last_within
from .publishing import tally_of
from .tally import Tally
from .written import members

Q = queries(Path(__file__).parent / "sql" / "reading.sql")

#: What lists are sorted by.
ORDER = ("kind", "code", "source", "period", "area")
#: A cell's place in every list, in that order.
ListPlace = tuple[str, str, str, str, str]


class PublishedFigure(NamedTuple):
    """A published figure: `version` counts its moves, `publication` numbers the last."""

    cell: PublicCell
    tally: Tally
    version: int
    publication: int


class ListedFigure(NamedTuple):
    """A published figure as it is shown: the members of a `Figure`, as JSON."""

    cell: PublicCell
    shown: str
    publication: int


@dataclass(frozen=True, slots=True)
class Filters:
    """Which cells to list; None is any. `since` and `until` are periods of any kind, and so inclusive.

    `area` may be several areas. A period lies between when it begins no earlier than `since` and ends no later than
    `until`.
    """

    kind: str | None = None
    code: str | None = None
    theme: str | None = None
    level: str | None = None
    area: str | Sequence[str] | None = None
    period: str | None = None
    source: str | None = None
    period_kind: PeriodKind | None = None
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Up to where a reader sees: the number of the last publication, and how far the registers have grown."""

    publication: int
    registers: str


@dataclass(frozen=True, slots=True)
class IndicatorVersion:
    """How an indicator is measured from a date on."""

    version: int
    title: str
    change: str
    valid_from: date
    comparable: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class Indicator:
    """What an indicator is called, belongs to and adds up as."""

    code: str
    name: str
    theme: Theme
    measure: Measure
    unit: str
    direction: str
    versions: tuple[IndicatorVersion, ...] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """What figures are about. It holds as long as `State.registers` is the same."""

    registers: str
    geography: Geography
    indicators: Mapping[str, Indicator]

    def measure(self, cell: PublicCell) -> Measure:
        """What kind of figure a cell is. Of a theme there are means of dialogues only."""
        known = self.indicators.get(cell.code) if cell.kind is AggregateKind.INDICATOR else None
        return known.measure if known else Measure.MEAN


_KINDS = {kind.value: kind for kind in AggregateKind}
_SOURCES = {source.value: source for source in SourceKind}
_THEMES = {theme.value: theme for theme in Theme}
_LEVELS = {level.value: level for level in AreaLevel}
_OF_KIND = {
    PeriodKind.YEAR: "length(period) = 4",
    PeriodKind.QUARTER: "substr(period, 6, 1) = 'Q'",
    PeriodKind.MONTH: "length(period) = 7 AND substr(period, 6, 1) <> 'Q'",
}


async def state(connection: Connection) -> State:
    """What there is to see now. Read it before the figures: what they say is then at least as new."""
    row = await connection.fetchrow(Q.state)
    if row is None:
        raise RuntimeError("a query without FROM gave no row")
    return State(row["publication"], row["registers"])


async def register(connection: Connection, seen: State) -> Register:
    """The registers as they are, at least as far as `seen`."""
    versions: dict[str, list[IndicatorVersion]] = {}
    for row in await connection.fetch(Q.indicator_versions):
        code, *values = row.values()
        versions.setdefault(code, []).append(IndicatorVersion(*values))
    return Register(
        seen.registers,
        await geography(connection),
        {
            row["code"]: Indicator(
                row["code"],
                row["name_nl"],
                Theme(row["theme"]),
                Measure(row["measure"]),
                row["unit"],
                row["direction"],
                tuple(versions.get(row["code"], ())),
            )
            for row in await store.list_indicators(connection)
        },
    )


async def geography(connection: Connection) -> Geography:
    """Every area and the crosswalk."""
    return Geography(await areas(connection), await crosswalk(connection))


async def areas(connection: Connection, level: AreaLevel | None = None) -> list[Area]:
    """Areas that are or were there, of a level or of any."""
    return [Area(**{**row, "level": AreaLevel(row["level"])}) for row in await store.list_areas(connection, level)]


async def crosswalk(connection: Connection) -> list[AreaChange]:
    """Which areas became which, oldest first."""
    return [
        AreaChange(row["changed_on"], AreaChangeKind(row["kind"]), tuple(row["predecessors"]), tuple(row["successors"]))
        for row in await store.list_area_changes(connection)
    ]


async def list_published(
    connection: Connection, filters: Filters, after: ListPlace | None, limit: int
) -> list[PublishedFigure]:
    """Cells by kind, code, source, period and area, past the place `after`. Raises ValueError when a period is none."""
    return [_read(row) for row in await _listed(connection, Q.list_published, filters, after, limit)]


async def list_shown(
    connection: Connection, known: Register, filters: Filters, after: ListPlace | None, limit: int
) -> list[ListedFigure]:
    """As `list_published`, of what is shown."""
    rows = await _listed(connection, Q.list_shown, filters, after, limit)
    if any(row["shown"] is None for row in rows):
        found = await list_published(connection, filters, after, limit)
        return [ListedFigure(one.cell, members(one.tally, known.measure(one.cell)), one.publication) for one in found]
    return [ListedFigure(_cell(*cell), shown, publication) for *cell, publication, shown in rows]


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


async def list_cells(
    connection: Connection, filters: Filters, after: ListPlace | None, limit: int
) -> list[tuple[PublicCell, Tally]]:
    """As `list_published`, without their history."""
    return [(found.cell, found.tally) for found in await list_published(connection, filters, after, limit)]


async def list_periods(connection: Connection, kind: AggregateKind, code: str, source: SourceKind) -> list[str]:
    """Every period in which an indicator or theme had a published figure, as text sorts them."""
    return [row["period"] for row in await connection.fetch(Q.list_periods, kind, code, source)]


def list_place(cell: PublicCell) -> ListPlace:
    """A cell's place in a list."""
    return cell.kind.value, cell.code, cell.source.value, cell.period, cell.area


def spanned(filters: Filters, kind: PeriodKind, since: str | None, until: str | None) -> Filters:
    """Of periods of one kind, from `since` up to and with `until`. Raises ValueError when one is no period."""
    return replace(
        filters,
        period_kind=kind,
        since=first_within(kind, since) if since else None,
        until=last_within(kind, until) if until else None,
    )


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
        found.append(Q.of_theme % {"theme": given(filters.theme)})
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
        found.append(Q.of_periods % " AND ".join(span))
    return found + span, values


def _read(row: Record) -> PublishedFigure:
    *cell, version, publication, _, _, _, _, _, _, _, _ = row.values()
    return PublishedFigure(_cell(*cell), tally_of(row), version, publication)


def _cell(kind: str, code: str, source: str, area: str, period: str, theme: str, level: str) -> PublicCell:
    return PublicCell(_KINDS[kind], code, _SOURCES[source], area, period, _THEMES[theme], _LEVELS[level])
