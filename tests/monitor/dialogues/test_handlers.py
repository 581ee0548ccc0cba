"""A new learning key: what it touches counts by it, exactly and in public, and the answer says what changed."""

from collections.abc import Callable
from datetime import date

import httpx2
import msgspec
import pytest

from services.monitor.app import create_app, projections
from services.monitor.dialogues.handlers import Recount, publish_learning_key
from services.monitor.publication.domain import Thresholds
from services.monitor.settings import MonitorSettings
from shared.contracts.community import FINDINGS, Finding
from shared.contracts.monitor import LearningKeyPublished, TopicMapping
from shared.contracts.vocabulary import DialogueTopic
from shared.database import Connection
from shared.observability.tracing import continue_trace
from shared.outbox.cause import Cause
from shared.projections.watermarks import Partition
from shared.refusals import Conflict, Invalid
from tests.conftest import served
from tests.records import NOW, Scores, apply_run, cloud_event, findings, run, withdrawal

from .shadow import make_shadow

HERE = Partition(FINDINGS, 0)
FIGURES, *_ = projections(MonitorSettings())
CAUSE = Cause(NOW, "test", continue_trace(None))
MEETING, HELP, FAITH = DialogueTopic.MEETING, DialogueTopic.NEIGHBOUR_HELP, DialogueTopic.PERSEVERANCE
ALL = {MEETING: "verbondenheid", HELP: "buurthulp"}
SWAPPED = {MEETING: "buurthulp", HELP: "buurthulp"}


def key(version: int, valid_from: date, **mappings: str) -> LearningKeyPublished:
    return LearningKeyPublished(
        version=version,
        valid_from=valid_from,
        mappings=tuple(TopicMapping(topic=DialogueTopic(topic), indicator=to) for topic, to in mappings.items()),
    )


async def publish(connection: Connection, version: int, since: date, to: dict[DialogueTopic, str]) -> Recount | None:
    async with connection.transaction():
        one = key(version, since, **{topic.value: indicator for topic, indicator in to.items()})
        return await publish_learning_key(connection, one, CAUSE, Thresholds(10))


async def hold(connection: Connection, *dialogues: tuple[str, date, dict[DialogueTopic, Scores]]) -> None:
    """Fold dialogues; each is its id, day, and scores per topic."""
    start = await connection.fetchval("SELECT coalesce(max(next_offset), 0) FROM watermark")
    events = [
        msgspec.structs.replace(
            findings(id_, held_on=day), findings=tuple(Finding(topic=t, scores=s) for t, s in said.items())
        )
        for id_, day, said in dialogues
    ]
    await apply_run(connection, FIGURES, HERE, run(*map(cloud_event, events), start=start), NOW)


async def exact(connection: Connection) -> dict[str, int]:
    """n per indicator, of the whole province and all years."""
    rows = await connection.fetch(
        """SELECT code, sum(n)::bigint AS n FROM aggregate
           WHERE kind = 'indicator' AND level = 'province' AND period LIKE '____' GROUP BY 1"""
    )
    return {row["code"]: row["n"] for row in rows}


async def public(connection: Connection) -> dict[str, int]:
    """The same, public."""
    rows = await connection.fetch(
        """SELECT code, sum(n)::bigint AS n FROM published WHERE kind = 'indicator' AND level = 'province'
           AND period LIKE '____' AND respondents > 0 GROUP BY 1"""
    )
    return {row["code"]: row["n"] for row in rows}


async def everything(connection: Connection) -> list[str]:
    """Every exact row, as text."""
    return [
        row["row"]
        for table in ("aggregate", "contribution")
        for row in await connection.fetch(f"SELECT t::text AS row FROM {table} AS t ORDER BY 1")  # noqa: S608  ours
    ]


MAY, DECEMBER = date(2026, 5, 4), date(2025, 12, 8)


async def test_it_reaches_back_and_what_was_public_moves_along(monitor: Connection) -> None:
    await hold(
        monitor,
        ("d1", MAY, {MEETING: (0, 0, 2, 4, 6), HELP: (0, 0, 0, 3, 4)}),
        ("d2", MAY, {MEETING: (0, 0, 1, 1, 1)}),
        ("before", DECEMBER, {MEETING: (0, 5, 5, 5, 0)}),
    )
    assert await exact(monitor) == {"verbondenheid": 30, "buurthulp": 7}
    assert await public(monitor) == {"verbondenheid": 27}
    changed = await publish(monitor, 2, date(2026, 1, 1), SWAPPED)
    assert changed is not None
    assert (changed.dialogues, changed.publication) == (2, 2)
    assert await exact(monitor) == {"verbondenheid": 15, "buurthulp": 22}
    assert await public(monitor) == {"verbondenheid": 15, "buurthulp": 22}, "with d2's 3 and d1's 7 of help, who waited"
    assert {move.cell.code for move in changed.moved} == {"verbondenheid", "buurthulp", "verbinding"}
    causes = await monitor.fetch(
        """SELECT DISTINCT moved.causation_id = said.id::text AS by_key FROM outbox AS moved,
           (SELECT id FROM outbox WHERE type LIKE '%learning-key%') AS said
           WHERE moved.type LIKE '%aggregate.moved%' AND moved.causation_id IS NOT DISTINCT FROM said.id::text"""
    )
    assert [row["by_key"] for row in causes] == [True]


async def test_there_and_back_is_exactly_what_was(monitor: Connection) -> None:
    said = [(f"d{n}", MAY, {MEETING: (n, 0, 1, 2, 3), HELP: (1, 1, n, 1, 1)}) for n in range(6)]
    await hold(monitor, *said)
    before = await everything(monitor)
    await publish(monitor, 2, date(2026, 1, 1), SWAPPED)
    assert await everything(monitor) != before
    await publish(monitor, 3, date(2026, 1, 1), ALL)
    assert await everything(monitor) == before


async def test_of_the_versions_valid_on_a_day_the_newest_counts(monitor: Connection) -> None:
    await publish(monitor, 2, date(2026, 1, 1), SWAPPED)
    await publish(monitor, 3, date(2017, 1, 1), {MEETING: "verbondenheid"})
    await hold(monitor, ("d1", MAY, {MEETING: (0, 0, 2, 4, 6), HELP: (0, 0, 0, 3, 9)}))
    assert await exact(monitor) == {"verbondenheid": 12}


async def test_a_topic_that_counts_no_more_and_one_that_counts_from_now_on(monitor: Connection) -> None:
    await hold(monitor, ("d1", MAY, {MEETING: (0, 0, 2, 4, 6), FAITH: (0, 0, 0, 3, 9)}))
    await publish(monitor, 2, date(2026, 1, 1), {FAITH: "buurthulp"})
    assert (await exact(monitor), await public(monitor)) == ({"buurthulp": 12}, {"buurthulp": 12})


async def test_a_withdrawn_dialogue_is_forgotten_and_does_not_count_again(monitor: Connection) -> None:
    await hold(monitor, ("d1", MAY, {MEETING: (0, 0, 2, 4, 6)}))
    await apply_run(monitor, FIGURES, HERE, run(cloud_event(withdrawal("d1")), start=1), NOW)
    assert await monitor.fetchval("SELECT findings IS NULL FROM dialogue")
    changed = await publish(monitor, 2, date(2017, 1, 1), SWAPPED)
    assert (changed and changed.dialogues, await exact(monitor)) == (0, {})


async def test_a_dialogue_held_afterwards_counts_by_it(monitor: Connection) -> None:
    await publish(monitor, 2, date(2026, 1, 1), SWAPPED)
    await hold(monitor, ("d1", MAY, {MEETING: (0, 0, 2, 4, 6)}), ("before", DECEMBER, {MEETING: (0, 0, 2, 4, 9)}))
    assert await exact(monitor) == {"buurthulp": 12, "verbondenheid": 15}


async def test_what_is_unchanged_stays_published_as_it_was(monitor: Connection) -> None:
    """Its packets are not dissolved for nothing: they would not come back."""
    await hold(
        monitor,
        *[(f"d{n}", MAY, {MEETING: (0, 0, 1, 1, 1), HELP: (0, 0, 1, 1, 1)}) for n in range(4)],
    )
    rows = "SELECT id, published FROM packet WHERE indicator = 'verbondenheid' AND dissolved IS NULL"
    before = await monitor.fetch(rows)
    assert before
    await publish(monitor, 2, date(2026, 1, 1), {MEETING: "verbondenheid", HELP: "verbondenheid"})
    assert await monitor.fetch(rows + " AND published = 1") == before


async def test_findings_that_were_not_kept_are_asked_for(monitor: Connection) -> None:
    await hold(monitor, ("d1", MAY, {MEETING: (0, 0, 2, 4, 6)}))
    await monitor.execute("UPDATE dialogue SET findings = NULL")
    with pytest.raises(Conflict, match=r"Van 1 dialogen vanaf 2026-01-01 .* rebuild"):
        await publish(monitor, 2, date(2026, 1, 1), SWAPPED)
    assert await publish(monitor, 2, date(2026, 6, 1), SWAPPED) is not None


async def test_a_key_before_the_programme_or_to_what_is_no_score_is_refused(monitor: Connection) -> None:
    with pytest.raises(Invalid, match="begint op 2017-01-01"):
        await publish(monitor, 2, date(2016, 12, 31), SWAPPED)
    await monitor.execute("UPDATE indicator SET measure = 'count', unit = 'gemeenten' WHERE code = 'buurthulp'")
    with pytest.raises(Invalid, match="indicator buurthulp is geen gemiddelde daarvan"):
        await publish(monitor, 2, date(2026, 1, 1), ALL)


async def test_a_rebuild_under_way_counts_by_it_too(monitor: Connection) -> None:
    await hold(monitor, ("d1", MAY, {MEETING: (0, 0, 2, 4, 6)}))
    await make_shadow(monitor, ("aggregate", "contribution", "dialogue"))
    await publish(monitor, 2, date(2026, 1, 1), SWAPPED)
    for table in ("aggregate", "contribution", "dialogue"):
        assert not await monitor.fetch(f"SELECT * FROM monitor_rebuild.{table} EXCEPT SELECT * FROM {table}")  # noqa: S608  ours


async def test_the_answer_says_what_changed_and_a_repeat_changes_nothing(
    monitor: Connection, settings: MonitorSettings, bearer: Callable[..., dict[str, str]]
) -> None:
    await hold(monitor, ("d1", MAY, {MEETING: (0, 0, 2, 4, 6)}), ("d2", MAY, {HELP: (0, 0, 0, 1, 1)}))
    body = {
        "version": 2,
        "validFrom": "2026-01-01",
        "mappings": [{"topic": topic.value, "indicator": to} for topic, to in SWAPPED.items()],
    }

    async def post(client: httpx2.AsyncClient) -> httpx2.Response:
        return await client.post("/monitor/v1/learning-keys", json=body, headers=bearer("programme"))

    async with served(create_app(settings)) as client:
        first, again = await post(client), await post(client)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {"id": "2", "changes": None}
    changes = first.json()["changes"]
    assert (changes["dialogues"], changes["publication"], changes["published"]) == (2, 2, 18), "d2 counts as it did"
    moved = {each["id"]: each for each in changes["moved"]}
    assert moved["indicator.verbondenheid.GM0794.2026-05"] == {
        "id": "indicator.verbondenheid.GM0794.2026-05",
        "n": None,
        "mean": None,
        "previousN": 12,
        "previousMean": 4.3,
    }
    assert moved["indicator.buurthulp.PV30.2026"]["n"] == 12, "what waits is in no answer"


async def test_the_answer_does_not_tell_what_was_said_in_a_dialogue_that_is_not_public(
    monitor: Connection, settings: MonitorSettings, bearer: Callable[..., dict[str, str]]
) -> None:
    """Whoever tries topic after topic, or indicator after indicator, is told the same each time."""
    await hold(monitor, ("d1", MAY, {MEETING: (0, 0, 1, 1, 1)}), ("d2", MAY, {HELP: (0, 0, 0, 1, 1)}))
    answers = []
    before = await everything(monitor)
    async with served(create_app(settings)) as client:
        for version, mapping in enumerate((ALL, SWAPPED, {FAITH: "buurthulp"}, {FAITH: "verbondenheid"}), 2):
            body = {
                "version": version,
                "validFrom": "2026-05-04",
                "mappings": [{"topic": topic.value, "indicator": to} for topic, to in mapping.items()],
            }
            answer = await client.post("/monitor/v1/learning-keys", json=body, headers=bearer("programme"))
            answers.append(answer.json()["changes"])
    assert answers == [{"dialogues": 2, "publication": None, "published": 0, "moved": []}] * 4
    assert await everything(monitor) != before, "negative control: what was said did count otherwise"
