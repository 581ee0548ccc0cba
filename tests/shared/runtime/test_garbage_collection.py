"""Looking for garbage seldom: all the same it is found."""

import gc
from collections.abc import Iterator

import pytest

from shared.runtime.garbage_collection import collect_seldom


@pytest.fixture(autouse=True)
def own_pace() -> Iterator[None]:
    """What this process had comes back."""
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


class Circle:
    """Garbage that no count of references finds."""

    left = 0

    def __init__(self) -> None:
        self.itself = self
        Circle.left += 1

    def __del__(self) -> None:
        Circle.left -= 1


@pytest.mark.twin_of("shared.runtime.garbage_collection")
@pytest.mark.parametrize("seldom", [True, False])
def test_what_nobody_holds_is_given_back_at_either_pace(seldom: bool) -> None:
    gc.collect()
    if seldom:
        collect_seldom()
    before = Circle.left
    for _ in range(300_000):
        Circle()
    assert Circle.left - before <= 50_000
