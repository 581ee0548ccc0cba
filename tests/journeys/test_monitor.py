"""Seen by a controller: a file and dialogues become figures on a map, explained, frozen, and what changed is told."""

import hashlib

import asyncpg
import msgspec
import pytest

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


@pytest.mark.timeout(900)
async def test_from_file_and_dialogue_to_map_explanation_edition_and_difference(
    platform: Platform, stack: Stack
) -> None:
    await define(platform)

    # A file with one wrong row is refused whole, with the place.
    wrong = await offer(platform, "fout.csv", file(row(1, HELMOND, 2018, 101, 100)))
    assert (wrong.state, wrong.stored, wrong.refused) == ("refused", 0, 1)
    assert [(error.line, error.column, error.value) for error in wrong.errors] == [(2, "teller", "101")]
    assert await series(platform, ASKED, HELMOND, "survey") == {}
    right = await offer(platform, "goed.csv", file(row(1, HELMOND, 2018, 60, 100)))
    assert (right.state, right.stored, right.refused, right.errors) == ("accepted", 6, 0, [])

    # The map of 2018 as it was, and in the division of 2019.
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

    # Dialogues too small wait; with enough people together they are public, and only then.
    small = [await hold(platform, FOUR), await hold(platform, FOUR)]
    await folded(stack, small)
    assert await series(platform, BEFORE, HELMOND, "dialogue") == {}
    small.append(await hold(platform, FOUR))
    await said(platform, BEFORE, Figure(12, 4.0, None, None, None))
    large = await hold(platform, TWELVE)
    await said(platform, BEFORE, Figure(24, 3.708, None, None, None))

    # Explained to the last digit, by events that anyone can look up.
    why = f"/monitor/v1/indicators/{BEFORE}/areas/{HELMOND}/explanation"
    contributions = (await explained(platform, why, period=MONTH)).contributions
    told = [await in_feed(platform, move.events) for move in contributions]
    assert [set(events.values()) for events in told] == [
        {(f"dialogue/{dialogue}", DialogueHeld.type) for dialogue in small},
        {(f"dialogue/{large}", DialogueHeld.type)},
    ]
    [was_held] = told[1]
    file_why = f"/monitor/v1/indicators/{ASKED}/areas/PV30/explanation"
    of_file = await explained(platform, file_why, source="survey", period="2018")
    feed = await published(platform, f"observation-import/{right.id}")
    (imported,) = (event for event in feed if event.subject == f"observation-import/{right.id}")
    assert [move.events for move in of_file.contributions] == [[imported.id]] * 4
    assert (of_file.end.numerator, of_file.end.denominator) == (155, 300)
    assert await verdicts(platform) == ["reached"]

    # Frozen; then everything changes.
    await record(platform, "/monitor/v1/editions", {"id": "reis-1", "title": "Reis 1"})
    first = await edition(platform, "reis-1")
    assert (await platform.withdraw(small[0])).status_code == 201
    await said(platform, BEFORE, Figure(12, 3.417, None, None, None))
    key = await reach_back(platform)
    await said(platform, BEFORE, None)
    await said(platform, SAID, Figure(12, 3.417, None, None, None))
    better = file(row(1, HELMOND, 2018, 45, 100), row(2, "GM9999", 2019, 1, 10))
    corrected = await offer(platform, "beter.csv", better, goedeRijen="true")
    assert (corrected.state, corrected.stored, corrected.replaced, corrected.unchanged) == ("accepted", 1, 1, 5)
    assert [(error.line, error.column, error.value) for error in corrected.errors] == [(8, "gebied", "GM9999")]
    await asked(platform, share(45, 100))

    # What is different, and by which events; the first edition stays what it was.
    await record(platform, "/monitor/v1/editions", {"id": "reis-2", "title": "Reis 2"})
    feed = await published(platform, "edition/reis-2", f"observation-import/{corrected.id}", f"learning-key/{key}")
    (correction,) = (event for event in feed if event.subject == f"observation-import/{corrected.id}")
    (reached_back,) = (event for event in feed if event.subject == f"learning-key/{key}")
    answer = await platform.client.get("/monitor/v1/editions/reis-1/differences/reis-2/lines")
    lines = msgspec.json.decode(answer.content, type=Lines)
    gone = (f"dialogue/{small[0]}", DialogueWithdrawn.type)
    caused = await in_feed(platform, {event for move in lines.items for event in move.events})
    [withdrawn] = [id_ for id_, event in caused.items() if event == gone]
    assert {(move.indicator, move.sign, *move.events) for move in lines.items} == {
        (BEFORE, -1, withdrawn),
        (BEFORE, -1, reached_back.id),
        (SAID, 1, was_held),
        (ASKED, -1, correction.id),
        (ASKED, 1, correction.id),
    }
    changed = await differences(platform, "reis-1", "reis-2")
    assert {(BEFORE, HELMOND, MONTH), (SAID, "PV30", YEAR), (ASKED, HELMOND, "2018")} <= changed.keys()
    assert (ASKED, ALTENA, "2019") not in changed
    for each in changed.values():
        if each.explanation:
            why_so = await explained(platform, each.explanation)
            assert (why_so.start, why_so.end) == (each.before, each.after)
    assert await edition(platform, "reis-1") == first
    second = await edition(platform, "reis-2")
    digests = {event.subject: sha256_of(event) for event in feed if event.type == EditionPublished.type}
    for name, (csv, _) in {"reis-1": first, "reis-2": second}.items():
        assert digests[f"edition/{name}"] == hashlib.sha256(csv).hexdigest()

    # Goals are judged again, and the feeds tell all of it.
    assert await verdicts(platform) == ["reached", "missed"]
    await published(platform, f"quality-finding/{corrected.id}-rejected")
    listed = await platform.client.get("/monitor/v1/quality-findings", params={"limit": "1000"})
    assert f"{corrected.id}-rejected" in listed.text
    await newest_are_absolute(platform, stack)

    # And a reader sees the same on the pages.
    asks = f"indicator={ASKED}&bron=enquete"
    for path, shown in (
        (f"kaart?{asks}&periode=2018&indeling=2019", ("Altena", "47,5")),
        (f"waarom?{asks}&gebied={HELMOND}&periode=2018", (imported.id, correction.id)),
        (f"gebieden/{HELMOND}?thema=verbinding", ("Contact in de buurt", "45")),
        (f"edities/reis-1/verschil/reis-2?indicator={ASKED}", (correction.id, reached_back.id)),
        ("impact", ("De helft van Helmond heeft contact", "gemist")),
    ):
        page = await platform.client.get(f"/monitor/{path}")
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
    assert changes["dialogues"] == 3, "the one that was withdrawn counts nowhere"
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


@pytest.mark.timeout(300)
async def test_what_is_paid_is_divided_by_what_it_brought(platform: Platform) -> None:
    costs = "/monitor/v1/impact/initiatives/dorpsmolen/costs"
    commitment: Json = {
        "id": "toezegging-dorpsmolen",
        "period": "2017",
        "amountCents": 1_000_000,
        "recipient": "pon",
        "initiative": "dorpsmolen",
        "madeOn": "2017-03-01",
    }
    line = "/finance/v1/budget-lines/lerend-netwerk/commitments"
    assert (await platform.post("finance", line, commitment)).status_code == 201
    paid: Json = {"id": "betaling-dorpsmolen", "amountCents": 300_002, "paidOn": "2017-04-01"}
    payments = "/finance/v1/commitments/toezegging-dorpsmolen/disbursements"
    assert (await platform.post("finance", payments, paid)).status_code == 201

    async def read() -> dict[str, object]:
        found: dict[str, object] = (await platform.client.get(costs)).json()
        return found

    found = await until(read, lambda found: found["disbursedCents"] == 300_002, PATIENCE)
    assert found["costPerRecorded"] == {"cents": None, "unknown": "er is nog geen uitkomst vastgelegd"}
    outcome: Json = {
        "id": "dorpsmolen-open",
        "initiative": "dorpsmolen",
        "statement": "Vier verenigingen delen het gebouw",
        "counts": "things",
        "count": 4,
        "evidence": "Jaarverslag van de stichting",
        "on": "2018-01-31",
    }
    await record(platform, "/monitor/v1/outcomes", outcome)
    found = await read()
    assert found["costPerRecorded"] == {"cents": 75_000, "unknown": None}, "half a cent to even"
