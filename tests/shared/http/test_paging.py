"""Pages of a list that is read by a key."""

import pytest

from shared.http.paging import Page, read_page, require_known_cursor, require_one_direction
from shared.http.problems import Problem

ROWS = [1, 2, 3, 4, 5]


async def walk(limit: int) -> list[list[int]]:
    """Every page of the rows, each read past the cursor of the one before."""
    pages: list[list[int]] = []
    after: int | None = 0
    while after is not None:
        start = after

        async def read(count: int, start: int = start) -> list[int]:
            return [row for row in ROWS if row > start][:count]

        page: Page[int] = await read_page(read, limit)
        pages.append(list(page.rows))
        after = page.next(lambda row: row)
    return pages


@pytest.mark.parametrize(
    ("limit", "pages"), [(2, [[1, 2], [3, 4], [5]]), (5, [[1, 2, 3, 4, 5]]), (4, [[1, 2, 3, 4], [5]])]
)
async def test_pages_together_are_the_list_and_the_last_has_no_next(limit: int, pages: list[list[int]]) -> None:
    assert await walk(limit) == pages


async def test_an_empty_list_is_one_empty_page() -> None:
    async def read(_: int) -> list[int]:
        return []

    page = await read_page(read, 2)
    assert (page.rows, page.more, page.next(str)) == ([], False, None)


def test_a_cursor_past_the_end_and_two_directions_are_refused_at_the_parameter() -> None:
    require_known_cursor(3, 3, "begin opnieuw.")
    require_one_direction(1, None)
    with pytest.raises(Problem, match=r"einde van de feed \(3\): begin opnieuw") as ahead:
        require_known_cursor(4, 3, "begin opnieuw.")
    with pytest.raises(Problem, match="niet allebei") as both:
        require_one_direction(1, 2)
    assert [error["parameter"] for problem in (ahead, both) for error in problem.value.errors] == ["after", "after"]
