"""How figures lie in Postgres: a map is read from few pages, whatever came before it."""

from collections.abc import Iterator

from shared.database import Connection

_COLUMNS = (
    *("kind", "code", "source", "area", "period", "theme", "level", "respondents", "n", "total", "squares", "spread_n"),
    *("numerator", "denominator", "histogram", "version", "publication", "shown"),
)
_PAGES = "SELECT count(DISTINCT (ctid::text::point)[0])::integer FROM published WHERE code = 'count'"


def figures(code: str, years: int, length: int) -> Iterator[tuple[object, ...]]:
    for year in range(2005, 2005 + years):
        for area in range(1000, 1500):
            key = ("indicator", code, "survey", f"GM{area}", str(year), "verbinding", "municipality")
            yield (*key, 1, 1, 1, 1, 1, 1, 1, [], 1, 1, "." * (length + area % 29))


async def pages(connection: Connection) -> int:
    """Of a map of short figures that came after many long ones, and after Postgres noted where it has room."""
    await connection.copy_records_to_table("published", records=figures("mean", 60, 160), columns=_COLUMNS)
    await connection.execute("VACUUM published")
    await connection.copy_records_to_table("published", records=figures("count", 1, 100), columns=_COLUMNS)
    found: int = await connection.fetchval(_PAGES)
    return found


async def test_a_map_of_short_figures_stands_together(monitor_connection: Connection) -> None:
    assert await pages(monitor_connection) < 40


async def test_control_without_the_filler_it_is_all_over_the_table(monitor_connection: Connection) -> None:
    await monitor_connection.execute("ALTER TABLE published DROP COLUMN filler")
    assert await pages(monitor_connection) > 100
