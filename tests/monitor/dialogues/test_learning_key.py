"""A version of the learning key is corrected or withdrawn: what it touched counts as if it had always been so."""

from datetime import date

import pytest

from services.monitor.dialogues import handlers
from services.monitor.publication.domain import Thresholds
from shared.contracts.vocabulary import DialogueTopic, RevisionReason
from shared.database import Connection
from shared.refusals import Conflict, NotFound
from shared.revisions import Asked, Grounds

from .test_handlers import (
    ALL,
    CAUSE,
    DECEMBER,
    FAITH,
    HELP,
    MAY,
    MEETING,
    SWAPPED,
    everything,
    exact,
    hold,
    key,
    publish,
)

NEW_YEAR = date(2026, 1, 1)
SAID = [(f"d{n}", MAY, {MEETING: (n, 0, 1, 2, 3), HELP: (1, 1, n, 1, 1)}) for n in range(6)]
EARLIER = ("before", DECEMBER, {MEETING: (0, 5, 5, 5, 0)})


async def correct(
    connection: Connection, version: int, since: date, to: dict[DialogueTopic, str], revision: int = 1
) -> handlers.Recount | None:
    wanted = key(version, since, **{topic.value: indicator for topic, indicator in to.items()})
    asked = Asked(wanted, Grounds(revision, RevisionReason.MISTAKE))
    async with connection.transaction():
        return await handlers.correct_learning_key(connection, asked, CAUSE, Thresholds(10))


async def withdraw(connection: Connection, version: int, revision: int = 1) -> handlers.Recount | None:
    async with connection.transaction():
        asked = Asked(version, Grounds(revision, RevisionReason.MISTAKE))
        return await handlers.withdraw_learning_key(connection, asked, CAUSE, Thresholds(10))


async def test_a_correction_counts_again_as_if_it_had_been_published_so(monitor: Connection) -> None:
    await hold(monitor, *SAID, EARLIER)
    await publish(monitor, 2, NEW_YEAR, SWAPPED)
    wanted = await everything(monitor)
    await publish(monitor, 3, NEW_YEAR, {FAITH: "buurthulp"})
    assert await everything(monitor) != wanted
    changed = await correct(monitor, 3, NEW_YEAR, SWAPPED)
    assert changed is not None and changed.dialogues == 6
    assert await everything(monitor) == wanted
    assert await correct(monitor, 3, NEW_YEAR, SWAPPED) is None, "exactly this is there"


async def test_a_day_that_moves_counts_again_from_the_earliest(monitor: Connection) -> None:
    await hold(monitor, *SAID, EARLIER)
    await publish(monitor, 2, NEW_YEAR, SWAPPED)
    changed = await correct(monitor, 2, date(2025, 1, 1), SWAPPED)
    assert changed is not None and changed.dialogues == 7
    assert "verbondenheid" not in await exact(monitor)
    back = await correct(monitor, 2, date(2026, 6, 1), SWAPPED, revision=2)
    assert back is not None and back.dialogues == 7
    assert await exact(monitor) == {"verbondenheid": 15 + 51, "buurthulp": 39}


async def test_the_newest_version_is_withdrawn_and_the_one_before_counts(monitor: Connection) -> None:
    await hold(monitor, *SAID)
    before = await everything(monitor)
    await publish(monitor, 2, NEW_YEAR, SWAPPED)
    await publish(monitor, 3, NEW_YEAR, {FAITH: "buurthulp"})
    with pytest.raises(Conflict, match="Versie 3 komt erna"):
        await withdraw(monitor, 2)
    assert await withdraw(monitor, 3) is not None
    assert await withdraw(monitor, 2) is not None
    assert await withdraw(monitor, 2) is None
    assert await everything(monitor) == before
    await publish(monitor, 4, NEW_YEAR, ALL)
    assert await everything(monitor) == before, "and its number is not given again"


async def test_what_was_decided_on_another_version_is_refused(monitor: Connection) -> None:
    await publish(monitor, 2, NEW_YEAR, SWAPPED)
    with pytest.raises(Conflict, match="Dit is besloten op versie 3"):
        await correct(monitor, 2, NEW_YEAR, ALL, revision=3)
    with pytest.raises(NotFound):
        await withdraw(monitor, 9)
