"""What neighbours may ask of indicators: which there are, how each is measured and in which versions."""

from collections.abc import Iterable, Sequence

from shared.contracts.vocabulary import AggregateKind, Measure, Theme
from shared.database import Connection, Record

from ..figure.quantity import Quantity, quantity_of
from . import store
from .domain import Indicator, IndicatorVersion, require_code, require_indicator


async def indicators(connection: Connection) -> dict[str, Indicator]:
    """Every indicator with its later versions, by theme and code."""
    versions: dict[str, list[IndicatorVersion]] = {}
    for row in await store.list_indicator_versions(connection):
        code, *values, _ = row.values()
        versions.setdefault(code, []).append(IndicatorVersion(*values))
    return {
        row["code"]: _indicator(row, versions.get(row["code"], ())) for row in await store.list_indicators(connection)
    }


async def definitions(connection: Connection) -> Sequence[Record]:
    """All that the definition of each indicator says, by theme and code."""
    return await store.list_indicators(connection)


async def find(connection: Connection, code: str) -> Indicator | None:
    """The indicator of a code with its later versions, None when there is none."""
    row = await store.get_indicator(connection, code)
    return None if row is None else _indicator(row, await versions(connection, code))


async def require(connection: Connection, code: str) -> Indicator:
    """The indicator of a code with its later versions. Raises NotFound."""
    found = await find(connection, code)
    known = {} if found is None else {code: found}
    require_indicator(known, code)
    return known[code]


async def require_choice(connection: Connection, code: str | None, kind: AggregateKind | None = None) -> None:
    """Raise NotFound for a filter on an indicator that is not there, or on a theme when both are asked for by code."""
    if code is None:
        return
    known = () if kind is AggregateKind.THEME or await find(connection, code) is None else (code,)
    require_code(known, code, kind)


async def versions(connection: Connection, code: str) -> list[IndicatorVersion]:
    """The versions of an indicator after its first, in order."""
    return [
        IndicatorVersion(one.version, one.title, one.change, one.valid_from, one.comparable, one.reason)
        for one in await store.versions_of(connection, code)
    ]


async def themes(connection: Connection, codes: Iterable[str]) -> dict[str, Theme]:
    """The theme of each of these indicators that is known."""
    return {row["code"]: Theme(row["theme"]) for row in await store.themes(connection, codes)}


async def quantities(connection: Connection, codes: Iterable[str]) -> dict[str, Quantity]:
    """The quantity of each of these indicators that is known."""
    return {
        row["code"]: quantity_of(Measure(row["measure"]), row["unit"])
        for row in await store.quantities(connection, codes)
    }


def _indicator(row: Record, versions: Sequence[IndicatorVersion]) -> Indicator:
    return Indicator(
        row["code"],
        row["name_nl"],
        Theme(row["theme"]),
        Measure(row["measure"]),
        row["unit"],
        row["direction"],
        tuple(versions),
    )
