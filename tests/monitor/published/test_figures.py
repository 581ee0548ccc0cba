"""Lists of public figures from a real Postgres: every filter, every page, in the order of an index."""

from collections.abc import Callable

import pytest

from services.monitor.published import domain, figures, store
from services.monitor.published.domain import Filters
from shared.contracts.vocabulary import SourceKind
from shared.database import Connection

from .world import AALBURG, ALTENA, BOXTEL, FIGURES, Key


async def listed(connection: Connection, filters: Filters) -> set[Key]:
    return {(c.code, c.source, c.period, c.area) for c, _ in await figures.list_cells(connection, filters, None, 1000)}


FILTERS: dict[str, tuple[Filters, Callable[[Key], bool]]] = {
    "none": (Filters(), bool),
    "code": (Filters(code="mantelzorg"), lambda k: k[0] == "mantelzorg"),
    "source": (Filters(source=SourceKind.DIALOGUE), lambda k: k[1] == "dialogue"),
    "area": (Filters(area=ALTENA), lambda k: k[3] == ALTENA),
    "areas": (Filters(area=[ALTENA, BOXTEL]), lambda k: k[3] in (ALTENA, BOXTEL)),
    "period": (Filters(period="2018"), lambda k: k[2] == "2018"),
    "theme": (Filters(theme="verbinding"), lambda k: k[0] in ("verbinding", "verbondenheid")),
    "theme and period": (
        Filters(theme="verbinding", period="2018"),
        lambda k: k[0].startswith("verb") and k[2] == "2018",
    ),
    "level": (Filters(level="region"), lambda k: k[3] == "noordoost-brabant"),
    "years": (Filters(since="2020", until="2021"), lambda k: k[2] in ("2020", "2021")),
}


@pytest.mark.parametrize(("filters", "wanted"), FILTERS.values(), ids=FILTERS)
async def test_a_filter_lists_what_it_names_and_never_an_emptied_cell(
    connection: Connection, filters: Filters, wanted: Callable[[Key], bool]
) -> None:
    keys = {*FIGURES, ("verbinding", "dialogue", "2018", AALBURG)}
    assert await listed(connection, filters) == {key for key in keys if wanted(key)}


async def test_a_figure_is_read_as_it_was_published(connection: Connection) -> None:
    found = {
        (cell.code, cell.source.value, cell.period, cell.area): tally
        for cell, tally in await figures.list_cells(connection, Filters(kind="indicator"), None, 1000)
    }
    assert found == FIGURES


async def test_periods_are_those_between_of_one_kind(connection: Connection) -> None:
    async def periods(**span: str) -> list[str]:
        cells = await figures.list_cells(connection, Filters(area=ALTENA, source="dialogue", **span), None, 1000)  # type: ignore[arg-type]
        return [cell.period for cell, _ in cells]

    assert await periods() == ["2019", "2019-03", "2019-Q1"]
    assert await periods(since="2019") == ["2019"]
    assert await periods(since="2019-02") == ["2019-03"]
    assert await periods(since="2019-Q1", until="2019-Q1") == ["2019-Q1"]
    assert await periods(period_kind="month", since="2019", until="2019-Q1") == ["2019-03"]
    assert await periods(period_kind="year", since="2019-02") == []


@pytest.mark.parametrize("filters", [filters for filters, _ in FILTERS.values()], ids=FILTERS)
async def test_pages_give_every_cell_once_in_order(connection: Connection, filters: Filters) -> None:
    whole = [domain.list_place(cell) for cell, _ in await figures.list_cells(connection, filters, None, 1000)]
    assert whole == sorted(whole)
    paged, after = [], None
    while page := await figures.list_cells(connection, filters, after, 2):
        paged += [domain.list_place(cell) for cell, _ in page]
        after = paged[-1]
    assert paged == whole


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(code="mantelzorg", period="2020"),
        Filters(area=ALTENA),
        Filters(period="2020", level="region"),
        Filters(kind="indicator", code="mantelzorg", source="ggd", period="2020"),
    ],
    ids=str,
)
async def test_a_page_is_read_in_the_order_of_an_index(connection: Connection, filters: Filters) -> None:
    await connection.execute("SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off")
    for beyond in ((), *store._beyond(filters, ("indicator", "mantelzorg", "ggd", "2020", ALTENA))):
        conditions, values = store._conditions(filters, beyond)
        statement = store._Q.list_published % " AND ".join(conditions or ["true"])
        plan = "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {statement}", 100, *values))
        assert "Index Scan using published_" in plan
        # Of an area no more is sorted than what it has of one code.
        of_one_code = "Presorted Key: kind, code" in plan or ("(kind = " in plan and "(code = " in plan)
        assert "Sort" not in plan or (filters.area is not None and of_one_code), plan
