"""The steps of the monitor's journey, each of which says in its name what then holds."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import asyncpg
import msgspec

from deploy.local.stack import Stack
from shared.contracts.community import DialogueHeld, DialogueWithdrawn
from shared.contracts.envelope import CloudEvent
from shared.contracts.monitor import AggregateMoved, EditionPublished, GoalJudged

from .log_reader import read_topics
from .monitor_client import (
    PATIENCE,
    Figure,
    Lines,
    differences,
    edition,
    explained,
    in_feed,
    municipalities,
    offer,
    published,
    record,
    series,
)
from .platform import HELMOND, TODAY, Json, Platform, new_id, until

ASKED, SAID, BEFORE = "buurtcontact", "uithoudingsvermogen", "volhoudbaarheid"
TOPIC = "volhouden"
AALBURG, WERKENDAM, WOUDRICHEM, ALTENA = "GM0738", "GM0870", "GM0874", "GM1959"
YEAR, MONTH = f"{TODAY:%Y}", f"{TODAY:%Y-%m}"
HEADER = "indicator;versie;gebied;indeling;periode;bron;methode;waarde;standaardafwijking;teller;noemer;n;verdeling"
FOUR, TWELVE = [0, 0, 1, 2, 1], [0, 2, 4, 5, 1]


def row(version: int, area: str, year: int, numerator: int, denominator: int) -> str:
    return f"{ASKED};{version};{area};{year};{year};enquete;vragenlijst;;;{numerator};{denominator};;"


def file(helmond: str, *more: str) -> list[str]:
    """2018 in the municipalities of then, 2019 after the merger of Altena and by another question."""
    return [
        HEADER,
        helmond,
        row(1, AALBURG, 2018, 30, 50),
        row(1, WERKENDAM, 2018, 40, 100),
        row(1, WOUDRICHEM, 2018, 25, 50),
        row(2, HELMOND, 2019, 70, 100),
        row(2, ALTENA, 2019, 110, 200),
        *more,
    ]


def share(numerator: int, denominator: int) -> Figure:
    return Figure(None, None, numerator, denominator, round(numerator / denominator, 3))


async def define(platform: Platform) -> None:
    """An indicator that is asked, recalibrated in 2019; one for what is said; and a goal nothing is known of."""
    about: Json = {"theme": "verbinding", "resourceFamily": "social", "direction": "higher-is-better"}
    asked: Json = {"code": ASKED, "nameNl": "Contact in de buurt", "nameEn": "Contact with neighbours"}
    said: Json = {"code": SAID, "nameNl": "Uithoudingsvermogen", "nameEn": "Stamina"}
    await record(platform, "/monitor/v1/indicators", {**about, **asked, "unit": "percentage", "measure": "ratio"})
    await record(platform, "/monitor/v1/indicators", {**about, **said, "unit": "score-1-5"})
    version: Json = {
        "version": 2,
        "title": "2.0",
        "change": "Gevraagd naar elke week in plaats van vaak",
        "validFrom": "2019-01-01",
        "comparable": False,
        "reason": "een andere vraag",
    }
    await record(platform, f"/monitor/v1/indicators/{ASKED}/versions", version)
    goal: Json = {
        "id": "buurtcontact-helmond",
        "level": "programme",
        "question": "effective",
        "title": "De helft van Helmond heeft contact",
        "ambition": "In 2018 heeft de helft van de inwoners contact met buren.",
        "paragraph": "1.1",
        "measure": {"indicator": ASKED, "source": "survey", "area": HELMOND, "period": "2018"},
        "targetMillionths": 500_000,
        "due": "2019-12-31",
    }
    await record(platform, "/monitor/v1/impact/goals", goal)


async def hold(platform: Platform, scores: list[int]) -> str:
    dialogue = new_id()
    assert (await platform.plan(dialogue)).status_code == 201
    assert (await platform.hold(dialogue, scores, TOPIC)).status_code == 201
    return dialogue


async def asked(platform: Platform, figure: Figure) -> None:
    """Wait until what was asked in Helmond in 2018 and 2019 is public, and the first is this."""

    async def read() -> dict[str, Figure | None]:
        points = await series(platform, ASKED, HELMOND, "survey")
        return {period: point.figure for period, point in points.items()}

    wanted = {"2018": figure, "2019": share(70, 100)}
    assert await until(read, lambda found: found == wanted, PATIENCE) == wanted


async def said(platform: Platform, code: str, figure: Figure | None) -> None:
    """Wait until what is said in Helmond this month is this, and nothing else."""

    async def read() -> Figure | None:
        points = await series(platform, code, HELMOND, "dialogue", **{"from": MONTH, "to": MONTH})
        return points[MONTH].figure if points else None

    assert await until(read, lambda found: found == figure, PATIENCE) == figure


async def folded(stack: Stack, dialogues: list[str]) -> None:
    """Wait until the monitor counts dialogues, in what only it knows."""
    owner = await asyncpg.connect(stack.postgres.admin_url)

    async def count() -> int:
        found: int = await owner.fetchval(
            "SELECT count(DISTINCT dialogue) FROM monitor.contribution WHERE dialogue = ANY($1)", dialogues
        )
        return found

    try:
        await until(count, lambda found: found == len(dialogues), PATIENCE)
    finally:
        await owner.close()


@dataclass
class Story:
    """What happened so far: the dialogues that were held, and the events that later ones are told by."""

    platform: Platform
    stack: Stack
    small: list[str] = field(default_factory=list)
    large: str = ""
    was_held: str = ""
    imported: str = ""
    corrected: str = ""
    key: int = 0
    first: tuple[bytes, bytes] = (b"", b"")
    correction: str = ""
    reached_back: str = ""


async def a_file_with_one_wrong_row_is_refused_whole_with_the_place(story: Story) -> None:
    wrong = await offer(story.platform, "fout.csv", file(row(1, HELMOND, 2018, 101, 100)))
    assert (wrong.state, wrong.stored, wrong.refused) == ("refused", 0, 1)
    assert [(error.line, error.column, error.value) for error in wrong.errors] == [(2, "teller", "101")]
    assert await series(story.platform, ASKED, HELMOND, "survey") == {}


async def a_right_file_is_public_and_gives_the_map_as_it_was_and_in_a_later_division(story: Story) -> None:
    platform = story.platform
    right = await offer(platform, "goed.csv", file(row(1, HELMOND, 2018, 60, 100)))
    assert (right.state, right.stored, right.refused, right.errors) == ("accepted", 6, 0, [])
    story.imported = right.id
    await asked(platform, share(60, 100))
    then = await municipalities(platform, ASKED, "2018", "survey")
    assert then[AALBURG].figure == share(30, 50)
    assert ALTENA not in then
    now = await municipalities(platform, ASKED, "2018", "survey", indeling="2019")
    assert now[ALTENA].figure == share(95, 200)
    assert sorted(now[ALTENA].parts) == [AALBURG, WERKENDAM, WOUDRICHEM]
    assert AALBURG not in now
    through = await series(platform, ASKED, ALTENA, "survey", indeling="2019")
    assert {period: point.figure for period, point in through.items()} == {
        "2018": share(95, 200),
        "2019": share(110, 200),
    }


async def dialogues_too_small_wait_until_enough_people_are_together(story: Story) -> None:
    platform = story.platform
    story.small = [await hold(platform, FOUR), await hold(platform, FOUR)]
    await folded(story.stack, story.small)
    assert await series(platform, BEFORE, HELMOND, "dialogue") == {}
    story.small.append(await hold(platform, FOUR))
    await said(platform, BEFORE, Figure(12, 4.0, None, None, None))
    story.large = await hold(platform, TWELVE)
    await said(platform, BEFORE, Figure(24, 3.7, None, None, None))


async def figures_are_explained_by_lines_that_add_up_and_events_that_anyone_can_look_up(story: Story) -> None:
    platform = story.platform
    why = f"/monitor/v1/indicators/{BEFORE}/areas/{HELMOND}/explanation"
    contributions = (await explained(platform, why, period=MONTH)).contributions
    told = [await in_feed(platform, move.events) for move in contributions]
    assert [set(events.values()) for events in told] == [
        {(f"dialogue/{dialogue}", DialogueHeld.type) for dialogue in story.small},
        {(f"dialogue/{story.large}", DialogueHeld.type)},
    ]
    [story.was_held] = told[1]
    file_why = f"/monitor/v1/indicators/{ASKED}/areas/PV30/explanation"
    of_file = await explained(platform, file_why, source="survey", period="2018")
    subject = f"observation-import/{story.imported}"
    (imported,) = (event for event in await published(platform, subject) if event.subject == subject)
    story.imported = imported.id
    assert [move.events for move in of_file.contributions] == [[imported.id]] * 4
    assert (of_file.end.numerator, of_file.end.denominator) == (155, 300)
    assert await verdicts(platform) == ["reached"]


async def an_edition_is_frozen_and_then_everything_changes(story: Story) -> None:
    platform = story.platform
    await record(platform, "/monitor/v1/editions", {"id": "reis-1", "title": "Reis 1"})
    story.first = await edition(platform, "reis-1")
    assert (await platform.withdraw(story.small[0])).status_code == 201
    await said(platform, BEFORE, Figure(12, 3.4, None, None, None))
    story.key = await reach_back(platform)
    await said(platform, BEFORE, None)
    await said(platform, SAID, Figure(12, 3.4, None, None, None))
    better = file(row(1, HELMOND, 2018, 45, 100), row(2, "GM9999", 2019, 1, 10))
    corrected = await offer(platform, "beter.csv", better, goedeRijen="true")
    assert (corrected.state, corrected.stored, corrected.replaced, corrected.unchanged) == ("accepted", 1, 1, 5)
    assert [(error.line, error.column, error.value) for error in corrected.errors] == [(8, "gebied", "GM9999")]
    story.corrected = corrected.id
    await asked(platform, share(45, 100))


async def the_difference_of_two_editions_names_the_events_that_caused_it(story: Story) -> None:
    platform = story.platform
    await record(platform, "/monitor/v1/editions", {"id": "reis-2", "title": "Reis 2"})
    subjects = f"observation-import/{story.corrected}", f"learning-key/{story.key}"
    feed = await published(platform, "edition/reis-2", *subjects)
    story.correction, story.reached_back = (
        event.id for subject in subjects for event in feed if event.subject == subject
    )
    answer = await platform.client.get("/monitor/v1/editions/reis-1/differences/reis-2/lines")
    lines = msgspec.json.decode(answer.content, type=Lines)
    gone = (f"dialogue/{story.small[0]}", DialogueWithdrawn.type)
    caused = await in_feed(platform, {event for move in lines.items for event in move.events})
    [withdrawn] = [id_ for id_, event in caused.items() if event == gone]
    assert {(move.indicator, move.sign, *move.events) for move in lines.items} == {
        (BEFORE, -1, withdrawn),
        (BEFORE, -1, story.reached_back),
        (SAID, 1, story.was_held),
        (ASKED, -1, story.correction),
        (ASKED, 1, story.correction),
    }
    await changes_add_up_and_editions_are_what_was_told(story, feed)


async def changes_add_up_and_editions_are_what_was_told(story: Story, feed: Sequence[CloudEvent]) -> None:
    platform = story.platform
    changed = await differences(platform, "reis-1", "reis-2")
    assert {(BEFORE, HELMOND, MONTH), (SAID, "PV30", YEAR), (ASKED, HELMOND, "2018")} <= changed.keys()
    assert (ASKED, ALTENA, "2019") not in changed
    for each in changed.values():
        if each.explanation:
            why_so = await explained(platform, each.explanation)
            assert (why_so.start, why_so.end) == (each.before, each.after)
    assert await edition(platform, "reis-1") == story.first, "the first stays what it was"
    second = await edition(platform, "reis-2")
    digests = {event.subject: sha256_of(event) for event in feed if event.type == EditionPublished.type}
    for name, (csv, _) in {"reis-1": story.first, "reis-2": second}.items():
        assert digests[f"edition/{name}"] == hashlib.sha256(csv).hexdigest()


async def goals_are_judged_again_and_the_feeds_tell_all_of_it(story: Story) -> None:
    platform = story.platform
    assert await verdicts(platform) == ["reached", "missed"]
    await published(platform, f"quality-finding/{story.corrected}-rejected")
    listed = await platform.client.get("/monitor/v1/quality-findings", params={"limit": "1000"})
    assert f"{story.corrected}-rejected" in listed.text
    await newest_are_absolute(platform, story.stack)


async def a_reader_sees_the_same_on_the_pages(story: Story) -> None:
    asks = f"indicator={ASKED}&bron=enquete"
    for path, shown in (
        (f"kaart?{asks}&periode=2018&indeling=2019", ("Altena", "47,5")),
        (f"waarom?{asks}&gebied={HELMOND}&periode=2018", (story.imported, story.correction)),
        (f"gebieden/{HELMOND}?thema=verbinding", ("Contact in de buurt", "45")),
        (f"edities/reis-1/verschil/reis-2?indicator={ASKED}", (story.correction, story.reached_back)),
        ("impact", ("De helft van Helmond heeft contact", "gemist")),
    ):
        page = await story.platform.client.get(f"/monitor/{path}")
        assert page.status_code == 200, path
        assert [text for text in shown if text not in page.text] == [], path


async def reach_back(platform: Platform) -> int:
    """A learning key by which the topic counts for another indicator, from the beginning of this year on."""
    keys = (await platform.client.get("/monitor/v1/learning-keys")).json()
    mapping = {**keys[-1]["mapping"], TOPIC: SAID}
    version = keys[-1]["version"] + 1
    body: Json = {
        "version": version,
        "validFrom": f"{YEAR}-01-01",
        "mappings": [{"topic": topic, "indicator": indicator} for topic, indicator in mapping.items()],
    }
    changes = msgspec.json.decode(await record(platform, "/monitor/v1/learning-keys", body))["changes"]
    assert changes["dialogues"] >= 3, "those of other journeys count too"
    return int(version)


def sha256_of(event: CloudEvent) -> str:
    return msgspec.json.decode(event.data, type=EditionPublished).sha256


async def verdicts(platform: Platform) -> list[str]:
    """The verdicts of our goal that were told, in order."""

    async def read() -> list[str]:
        events = [msgspec.json.decode(value, type=CloudEvent) for value in await platform.pull()]
        return [
            msgspec.json.decode(event.data, type=GoalJudged).verdict.value
            for event in events
            if event.subject == "goal/buurtcontact-helmond"
        ]

    answer = await platform.client.get("/monitor/v1/impact/goals/buurtcontact-helmond")
    verdict = answer.json()["verdict"]
    return await until(read, lambda told: told[-1:] == [verdict], PATIENCE)


async def newest_are_absolute(platform: Platform, stack: Stack) -> None:
    """The newest event of each figure on the compacted topic says what the API says."""

    async def shown() -> dict[str, tuple[object, ...]]:
        items: list[dict[str, object]] = []
        for code in (ASKED, SAID):
            answer = await platform.client.get("/monitor/v1/aggregates", params={"code": code, "limit": "1000"})
            items += answer.json()["items"]
        fields = ("n", "mean", "numerator", "denominator", "share", "publication")
        return {str(item["id"]): tuple(item[name] for name in fields) for item in items}

    def newest(values: list[bytes]) -> dict[str, tuple[object, ...]]:
        found: dict[str, tuple[object, ...]] = {}
        for value in values:
            data = msgspec.json.decode(msgspec.json.decode(value, type=CloudEvent).data, type=AggregateMoved)
            if data.code in (ASKED, SAID) and not data.suppressed:
                fields = (data.n, data.mean, data.numerator, data.denominator, data.share, data.publication)
                found[data.aggregate] = fields
        return found

    wanted = await shown()
    assert wanted
    values = read_topics(
        stack.broker.servers, ["monitor.aggregates"], lambda values: newest(values) == wanted, PATIENCE
    )
    assert newest(values) == wanted
