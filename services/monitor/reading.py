"""What anyone may read of the figures: the cells of `published`, and the registers that explain them.

A cell that is not there and one that is all zero are the same: nothing public is known of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from shared.contracts.vocabulary import AggregateKind, AreaChangeKind, AreaLevel, Measure, SourceKind, Theme
from shared.database import Connection, Record, queries

from . import store
from .geography import Area, Change, Geography
from .periods import PeriodKind, first_within, kind_of, last_within
from .tally import Tally

Q = queries(Path(__file__).parent / "sql" / "reading.sql")

#: A cell's place in every list: kind, code, source, period, area.
Place = tuple[str, str, str, str, str]


class PublicCell(NamedTuple):
    """A published figure's place and history: `version` counts its moves, `publication` numbers the last."""

    kind: AggregateKind
    code: str
    source: SourceKind
    period: str
    area: str
    theme: Theme
    level: AreaLevel
    version: int
    publication: int

    @property
    def place(self) -> Place:
        """What makes it this cell and no other."""
        return self.kind.value, self.code, self.source.value, self.period, self.area


@dataclass(frozen=True, slots=True)
class Filters:
    """Which cells to list; None is any. `since` and `until` are periods of any kind, and so inclusive.

    `area` may be several areas. A period lies between when it begins no earlier than `since` and ends no later than
    `until`.
    """

    kind: AggregateKind | None = None
    code: str | None = None
    source: SourceKind | None = None
    theme: Theme | None = None
    level: AreaLevel | None = None
    area: str | Sequence[str] | None = None
    period: str | None = None
    period_kind: PeriodKind | None = None
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Up to where a reader sees: the number of the last publication, and how far the registers have grown."""

    publication: int
    registers: str


@dataclass(frozen=True, slots=True)
class Version:
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
    versions: tuple[Version, ...] = ()


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
    versions: dict[str, list[Version]] = {}
    for row in await connection.fetch(Q.indicator_versions):
        code, *values = row.values()
        versions.setdefault(code, []).append(Version(*values))
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
    return Geography(
        (Area(**{**row, "level": AreaLevel(row["level"])}) for row in await store.list_areas(connection)),
        (
            Change(row["changed_on"], AreaChangeKind(row["kind"]), tuple(row["predecessors"]), tuple(row["successors"]))
            for row in await store.list_area_changes(connection)
        ),
    )


async def list_cells(
    connection: Connection, filters: Filters, after: Place | None, limit: int
) -> list[tuple[PublicCell, Tally]]:
    """Cells by kind, code, source, period and area, past the place `after`. Raises ValueError when a period is none."""
    conditions, values = _conditions(filters)
    if after is not None:
        places = ", ".join(f"${len(values) + 2 + n}" for n in range(5))
        conditions.append(f"(kind, code, source, period, area) > ({places})")
        values.extend(after)
    rows = await connection.fetch(Q.list_cells % " AND ".join(conditions or ["true"]), limit, *values)
    return [_read(row) for row in rows]


async def get_cells(connection: Connection, places: Iterable[Place]) -> dict[Place, tuple[PublicCell, Tally]]:
    """Those of these cells of which something is public."""
    columns = [list(column) for column in zip(*places, strict=True)] or [[]] * 5
    found = [_read(row) for row in await connection.fetch(Q.get_cells, *columns)]
    return {cell.place: (cell, tally) for cell, tally in found}


async def list_periods(connection: Connection, kind: AggregateKind, code: str, source: SourceKind) -> list[str]:
    """Every period in which an indicator or theme had a published figure, as text sorts them."""
    return [row["period"] for row in await connection.fetch(Q.list_periods, kind, code, source)]


def _conditions(filters: Filters) -> tuple[list[str], list[object]]:
    """Only what is asked is in the statement, so that each combination gets a plan of its own. $1 is the limit."""
    values: list[object] = []

    def given(value: object) -> str:
        values.append(value)
        return f"${len(values) + 1}"

    filters = _spanned(filters)
    found = []
    for column in ("kind", "code", "source", "period"):
        if (value := getattr(filters, column)) is not None:
            found.append(f"{column} = {given(value)}")
    if filters.area is not None:
        several = not isinstance(filters.area, str)
        found.append(f"area = ANY({given(list(filters.area))})" if several else f"area = {given(filters.area)}")
    if filters.theme is not None:
        # The theme is in no index; its codes are.
        found.append(Q.of_theme % {"theme": given(filters.theme)})
    if filters.level is not None:
        # A word of ours, written out so that the planner sees the partial index of the levels with few areas.
        found.append(f"level = '{AreaLevel(filters.level).value}'")
    if filters.since is not None:
        found.append(f"period >= {given(filters.since)}")
    if filters.until is not None:
        found.append(f"period <= {given(filters.until)}")
    if filters.period_kind is not None:
        found.append(_OF_KIND[filters.period_kind])
    return found, values


def _spanned(filters: Filters) -> Filters:
    """With `since` and `until` written as periods of one kind, among which the order of text is that of time."""
    since, until = filters.since, filters.until
    kind = filters.period_kind or (kind_of(since or until or "") if since or until else None)
    if kind is None:
        return filters
    return replace(
        filters,
        period_kind=kind,
        since=first_within(kind, since) if since else None,
        until=last_within(kind, until) if until else None,
    )


def _read(row: Record) -> tuple[PublicCell, Tally]:
    kind, code, source, period, area, theme, level, version, publication, *sums = row.values()
    respondents, n, total, squares, spread_n, numerator, denominator, histogram = sums
    cell = PublicCell(
        _KINDS[kind], code, _SOURCES[source], period, area, _THEMES[theme], _LEVELS[level], version, publication
    )
    return cell, Tally(respondents, n, int(total), int(squares), spread_n, numerator, denominator, tuple(histogram))
