"""Seen by a person: a dialogue held in Helmond is everywhere at once, and taken back everywhere."""

import asyncio

import msgspec

from deploy.local.stack import Stack
from shared.contracts import EVENT_TOPICS, PUBLIC_TOPICS, TOPICS

from .log_reader import read_topics, seen
from .platform import HELMOND, PROVINCE, REGION, Cell, Events, Frame, Platform, new_id, settled, until

LEVELS = (HELMOND, REGION, PROVINCE)
HELD = "nl.veerkracht.dialogue.held.v1"
MOVED = "nl.veerkracht.aggregate.moved.v1"
RAISED = "nl.veerkracht.newsletter-trigger.raised.v1"
WITHDRAWN = "nl.veerkracht.dialogue.withdrawn.v1"


class Activity(msgspec.Struct):
    id: int
    type: str
    text: str


class Trigger(msgspec.Struct):
    reason: str
    cause: str
    about: str


class Triggers(msgspec.Struct):
    items: list[Trigger]


async def triggers_about(platform: Platform, about: str) -> list[Trigger]:
    answer = await platform.client.get("/community/v1/newsletter-triggers", params={"limit": "200"})
    return [t for t in msgspec.json.decode(answer.content, type=Triggers).items if t.about == about]


async def test_a_dialogue_held_in_helmond_is_seen_everywhere(platform: Platform, stack: Stack) -> None:
    dialogue = new_id()
    assert (await platform.plan(dialogue)).status_code == 201
    before = await platform.cells()

    async with (
        platform.stream("/community/v1/activities/stream?municipality=GM0794") as activities,
        platform.stream(f"/feeds/v1/stream?type={HELD}&type={MOVED}&type={RAISED}") as feed,
    ):
        answer = await platform.hold(dialogue, [0, 2, 5, 8, 5])
        assert answer.status_code == 201, answer.text

        async def first_activity() -> Activity:
            async for frame in activities:
                activity = msgspec.json.decode(frame.data, type=Activity)
                if activity.type == HELD:
                    return activity
            raise AssertionError("the stream ended")

        async def frames_of(wanted: set[str]) -> list[Frame]:
            found: list[Frame] = []
            async for frame in feed:
                found.append(frame)
                if wanted <= {f.event for f in found}:
                    return found
            raise AssertionError("the stream ended")

        def moved(cells: dict[str, Cell]) -> bool:
            return cells.keys() >= set(LEVELS) and all(cells[area] != before.get(area) for area in LEVELS)

        after = await until(platform.cells, moved)
        activity = await asyncio.wait_for(first_activity(), 10)
        frames = await asyncio.wait_for(frames_of({HELD, MOVED, RAISED}), 10)

    for area in LEVELS:
        was = before[area].n if area in before else 0
        assert after[area].n == (was or 0) + 20
    assert "Helmond" in activity.text
    (trigger,) = await until(lambda: triggers_about(platform, f"dialogue/{dialogue}"), bool)
    assert trigger.reason == "dialogue-held"

    pulled = await platform.pull()
    assert {frame.data for frame in frames} <= set(pulled)
    held = next(seen(value) for value in pulled if seen(value).id == trigger.cause)
    assert (held.type, held.subject) == (HELD, f"dialogue/{dialogue}")
    raised = next(seen(v) for v in pulled if seen(v).causationid == held.id and seen(v).type == RAISED)
    assert raised.correlationid == held.correlationid

    read = read_topics(stack.broker.servers, PUBLIC_TOPICS, lambda values: set(pulled) <= set(values))
    assert set(pulled) <= set(read)


async def test_withdrawing_it_brings_every_figure_back_and_is_seen(platform: Platform) -> None:
    kept, dialogue = new_id(), new_id()
    for one in (kept, dialogue):
        assert (await platform.plan(one)).status_code == 201
    assert (await platform.hold(kept, [1, 3, 4, 6, 2])).status_code == 201
    first = await until(lambda: triggers_about(platform, f"dialogue/{kept}"), bool)
    assert first
    before, before_theme = await settled(platform.cells), await platform.cells("verbinding")

    assert (await platform.hold(dialogue, [0, 0, 0, 0, 25])).status_code == 201
    await until(platform.cells, lambda cells: cells[PROVINCE].n == (before[PROVINCE].n or 0) + 25)
    async with platform.stream("/community/v1/activities/stream") as activities:
        assert (await platform.withdraw(dialogue)).status_code == 201
        assert await until(platform.cells, lambda cells: cells == before) == before
        assert await platform.cells("verbinding") == before_theme

        async def withdrawal() -> Activity:
            async for frame in activities:
                activity = msgspec.json.decode(frame.data, type=Activity)
                if activity.type == WITHDRAWN:
                    return activity
            raise AssertionError("the stream ended")

        assert "Helmond" in (await asyncio.wait_for(withdrawal(), 10)).text


async def test_a_reader_that_comes_back_misses_nothing_and_gets_nothing_twice(platform: Platform) -> None:
    async with platform.stream("/feeds/v1/stream?after=0") as feed:
        first = [await anext(feed) for _ in range(5)]
    async with platform.stream("/feeds/v1/stream", **{"Last-Event-ID": first[-1].id}) as feed:
        second = [await anext(feed) for _ in range(5)]
    ids = [int(frame.id) for frame in first + second]
    assert ids == list(range(ids[0], ids[0] + 10))


async def test_every_source_counts_without_a_gap(platform: Platform) -> None:
    async def numbers() -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for value in await platform.pull():
            event = seen(value)
            found.setdefault(event.source, []).append(int(event.sequence))
        return {source: sorted(sequences) for source, sequences in found.items()}

    for source, sequences in (await settled(numbers)).items():
        assert sequences == list(range(1, len(sequences) + 1)), source


async def test_scores_are_not_in_any_public_feed(platform: Platform) -> None:
    internal = [name for name in EVENT_TOPICS if not TOPICS[name].public]
    assert internal == ["community.dialogue-findings"]
    assert not [value for value in await platform.pull() if b"findings-recorded" in value or b"scores" in value]


async def test_a_filter_by_subject_gives_one_dialogue_only(platform: Platform) -> None:
    dialogue = new_id()
    await platform.plan(dialogue)
    subject = f"dialogue/{dialogue}"

    async def read() -> list[str]:
        answer = await platform.client.get("/feeds/v1/events", params={"subject": subject})
        return [seen(bytes(item)).subject for item in msgspec.json.decode(answer.content, type=Events).items]

    assert await until(read, bool) == [subject]


async def test_internal_events_are_on_their_own_topic(platform: Platform, stack: Stack) -> None:
    dialogue = new_id()
    await platform.plan(dialogue)
    await platform.hold(dialogue, [0, 0, 4, 4, 4])

    def arrived(values: list[bytes]) -> bool:
        return any(seen(value).subject == f"dialogue/{dialogue}" for value in values)

    values = read_topics(stack.broker.servers, ["community.dialogue-findings"], arrived)
    assert arrived(values)
    assert {seen(value).source.rpartition(":")[2] for value in values} == {"community-internal"}
