"""Commands on initiatives, people and money."""

from collections.abc import Iterator
from itertools import product

from ..asked import Asked, Json, Known, command
from ..dice import Dice
from .monitor import THEMES, TOPICS, areas_on, day_of, exists

_LINES = ("gebiedsgericht", "cross-over")
_PHASES = ("exploring", "preparing", "running", "embedding", "completed", "stopped")
_DILEMMAS = ("vulnerable-organisation", "professional-advice", "system-world", "finding-each-other")
_PERFORMANCES = ("concrete-initiatieven", "lerend-netwerk", "impactmonitoring", "ondersteunend")
_BUDGET_PERIODS = ("2017", "2018-2019")
_KINDS = (
    "government",
    "knowledge",
    "network",
    "executive",
    "company",
    "social",
    "european-partner",
    "programme-team",
)
_MOST_CENTS = 100_000_000_000_00


@command("/initiatives/v1/initiatives", "programme")
def initiative(dice: Dice, known: Known) -> Asked | None:
    """With nothing but what it must have, or with as much as it may."""
    full = dice.chance(0.5)
    lines = dice.some(_LINES, 2)
    body: Json = {
        "id": (id_ := dice.slug()),
        "number": dice.one((None, dice.uuid(), dice.line() if dice.chance(0.2) else dice.slug())),
        "title": dice.line(),
        "challenge": dice.text(),
        "approach": dice.text(),
        "learningQuestion": dice.text(),
        "lines": lines,
        "crossOvers": [dice.one(("natuur", "smart-health"))] if "cross-over" in lines else [],
        "themes": dice.some(THEMES, 4),
        "dilemmas": dice.some(_DILEMMAS, 4) if full else [],
        "municipalities": dice.some(areas_on(known, "municipality", known.today), 100 if full else 1),
        "regions": dice.some(areas_on(known, "region", known.today), 100) if full else [],
        "partners": dice.some(known.ids("organisations"), 100) if full else [],
        "roles": [
            {"party": party, "role": dice.text()}
            for party in dice.some(("provincie", "zet", "zorgbelang"), 3 if full else 1)
        ],
    }
    return Asked("/initiatives/v1/initiatives", body, "initiatives", id_, {**body, "phase": "exploring"})


@command("/initiatives/v1/initiatives/{initiative}/phases", "programme")
def phase(dice: Dice, known: Known) -> Asked | None:
    """On, past one, or stopped."""
    going = [
        id_ for id_ in known.ids("initiatives") if known.of("initiatives")[id_].get("phase") in _PHASES[:4]
    ]  # fmt: skip
    if not going:
        return None
    id_ = dice.one(going)
    there = known.of("initiatives")[id_]
    since = day_of(there.get("phaseOn")) if there.get("phase") != "exploring" else None
    days = {"since": since} if since else {}
    on = dice.day(known.today, until=known.today, **days).isoformat()
    to = dice.one(_PHASES[_PHASES.index(str(there["phase"])) + 1 :])
    path = f"/initiatives/v1/initiatives/{id_}/phases"
    return Asked(path, {"phase": to, "on": on}, "initiatives", id_, {"phase": to, "phaseOn": on})


@command("/initiatives/v1/initiatives/{initiative}/lessons", "programme")
def lesson(dice: Dice, known: Known) -> Asked | None:
    """Of any initiative, on any day that has been."""
    body: Json = {
        "id": (id_ := dice.slug()),
        "title": dice.line(),
        "worked": dice.chance(0.5),
        "transferable": dice.chance(0.5),
        "on": dice.day(known.today, until=known.today).isoformat(),
    }
    path = f"/initiatives/v1/initiatives/{dice.one(known.ids('initiatives'))}/lessons"
    return Asked(path, body, "lessons", id_)


@command("/community/v1/organisations", "community")
def organisation(dice: Dice, _: Known) -> Asked | None:
    """Of every kind."""
    body: Json = {"id": (id_ := dice.slug()), "name": dice.line(), "kind": dice.one(_KINDS)}
    return Asked("/community/v1/organisations", body, "organisations", id_)


@command("/community/v1/dialogues", "community")
def dialogue(dice: Dice, known: Known) -> Asked | None:
    """In a town that exists on the day, in one of its neighbourhoods or in a place without a code."""
    on = dice.day(known.today)
    towns = areas_on(known, "municipality", on) or areas_on(known, "municipality", on := known.today)
    town = dice.one((*towns[-6:], *towns[:6]))
    around = [
        code
        for code in known.ids("areas", level="neighbourhood", parent=town)
        if exists(known.of("areas")[code], on)
    ]  # fmt: skip
    body: Json = {
        "id": (id_ := dice.uuid()),
        "municipality": town,
        "neighbourhood": dice.one((*around, *around, None, dice.line())),
        "organiser": dice.one(known.ids("organisations")),
        "initiative": dice.one((None, *known.ids("initiatives")[-5:])),
        "themes": dice.some(THEMES, 4),
        "plannedOn": on.isoformat(),
    }
    return Asked("/community/v1/dialogues", body, "dialogues", id_, {**body, "status": "planned"})


@command("/community/v1/dialogues/{dialogue}/held", "community")
def held(dice: Dice, known: Known) -> Asked | None:
    """From one person on one topic to ten thousand in each of ten groups on all."""
    past = [
        id_
        for id_ in known.ids("dialogues", status="planned")
        if (day := day_of(known.of("dialogues")[id_].get("plannedOn"))) is not None and day <= known.today
    ]
    if not past:
        return None
    id_ = dice.one(past)
    planned = day_of(known.of("dialogues")[id_]["plannedOn"])
    people = dice.one((1, 9, 10, 12, 99, 100, 10_000))
    groups = {f"g{n}": people for n in range(dice.one((1, 2, 10)))}
    body: Json = {
        "heldOn": dice.day(known.today, since=planned or known.today, until=known.today).isoformat(),
        "groups": groups,
        "findings": [
            {"topic": topic, "scores": _scores(dice, dice.one((1, people, people * len(groups))))}
            for topic in dice.some(TOPICS, len(TOPICS))
        ],
        "actions": [dice.line() for _ in range(dice.one((0, 1, 20)))],
    }
    path = f"/community/v1/dialogues/{id_}/held"
    return Asked(path, body, "dialogues", id_, {"status": "held"})


def _scores(dice: Dice, people: int) -> list[int]:
    """All alike, or spread, none more than a score may have."""
    scores = [0] * 5
    left = min(people, 50_000)
    for n in dice.random.sample(range(5), 5):
        scores[n] = min(left, 10_000, dice.one((left, left // 2)))
        left -= scores[n]
    return scores if any(scores) else [1, 0, 0, 0, 0]


@command("/community/v1/dialogues/{dialogue}/withdrawal", "community")
def withdrawal(dice: Dice, known: Known) -> Asked | None:
    """Of what was held, or was only planned."""
    going = [*known.ids("dialogues", status="held"), *known.ids("dialogues", status="planned")[:1]]
    if not going:
        return None
    id_ = dice.one(going)
    body: Json = {"reason": dice.one(("cancelled", "wrong-data", "request-of-participants"))}
    path = f"/community/v1/dialogues/{id_}/withdrawal"
    return Asked(path, body, "dialogues", id_, {"status": "withdrawn"})


@command("/finance/v1/budget-lines", "finance")
def budget_line(dice: Dice, _: Known) -> Asked | None:
    """From nothing to the most there can be."""
    amounts: list[Json] = [
        {"period": period, "amountCents": dice.one((0, 1, 10_000_00, _MOST_CENTS))}
        for period in dice.some(_BUDGET_PERIODS, 2)
    ]
    body: Json = {
        "id": (id_ := dice.slug()),
        "position": dice.number(1, 10_000),
        "performance": dice.one(_PERFORMANCES),
        "action": dice.line(),
        "amounts": amounts,
    }
    return Asked("/finance/v1/budget-lines", body, "budget-lines", id_)


@command("/finance/v1/capacity-shares", "finance")
def capacity_share(dice: Dice, known: Known) -> Asked:
    """A cent of what a performance has in a period for a party of which none is stated yet, while there is one."""
    stated = {(one.get("performance"), one.get("party"), one.get("period")) for one in known.of("shares").values()}
    all_ = list(product(_PERFORMANCES, ("zet", "zorgbelang"), _BUDGET_PERIODS))
    performance, party, period = dice.one([one for one in all_ if one not in stated] or all_)
    body: Json = {
        "id": (id_ := dice.slug()),
        "performance": performance,
        "party": party,
        "period": period,
        "amountCents": dice.one((1, 1, _MOST_CENTS)),
    }
    return Asked("/finance/v1/capacity-shares", body, "shares", id_)


def _left(known: Known) -> Iterator[tuple[str, object, int]]:
    """The lines and periods that have something left to promise, and how many cents."""
    for line in known.ids("budget-lines"):
        amounts = known.of("budget-lines")[line]["amounts"]
        for amount in amounts if isinstance(amounts, list) else ():
            cents = int(str(amount.get("availableCents", amount["amountCents"])))
            if cents > 0:
                yield line, amount["period"], cents


@command("/finance/v1/budget-lines/{line}/commitments", "finance")
def commitment(dice: Dice, known: Known) -> Asked | None:
    """A cent, or all that a line has left in a period."""
    left = list(_left(known))
    if not left:
        return None
    line, period, most = dice.one(left)
    body: Json = {
        "id": (id_ := dice.slug()),
        "period": period,
        "amountCents": dice.one((1, 1, min(most, _MOST_CENTS))),
        "recipient": dice.one(known.ids("organisations")),
        "initiative": dice.one((None, dice.one(known.ids("initiatives")))),
        "madeOn": dice.day(known.today, until=known.today).isoformat(),
    }
    return Asked(f"/finance/v1/budget-lines/{line}/commitments", body, "commitments", id_)


@command("/finance/v1/commitments/{commitment}/disbursements", "finance")
def disbursement(dice: Dice, known: Known) -> Asked | None:
    """All of it, or a cent."""
    open_ones = [id_ for id_ in known.ids("commitments") if known.of("commitments")[id_].get("paid") is None]
    if not open_ones:
        return None
    id_ = dice.one(open_ones)
    made = known.of("commitments")[id_]
    since = day_of(made.get("madeOn")) or known.today
    cents = dice.one((1, made.get("amountCents")))
    body: Json = {
        "id": dice.slug(),
        "amountCents": cents,
        "paidOn": dice.day(known.today, since=since, until=known.today).isoformat(),
    }
    return Asked(f"/finance/v1/commitments/{id_}/disbursements", body, "commitments", id_, {"paid": cents})


@command("/finance/v1/findings", "finance")
def finding(dice: Dice, _: Known) -> Asked | None:
    """With amounts and without."""
    kinds = ("difference", "missing-split", "undefined-reference", "period-mismatch", "no-budget-line")
    body: Json = {
        "id": (id_ := dice.slug()),
        "kind": dice.one(kinds),
        "title": dice.line(),
        "explanation": dice.text(),
        "paragraph": dice.line(),
        "statedCents": dice.one((None, 0, 1, _MOST_CENTS)),
        "computedCents": dice.one((None, 0, 1, _MOST_CENTS)),
    }
    return Asked("/finance/v1/findings", body, "findings", id_)


def _replay(service: str) -> None:
    @command(f"/{service}/v1/dead-letters/{{letter}}/replays", "operator")
    def replay(dice: Dice, known: Known) -> Asked | None:
        """Of an event that was folded long ago: rounds.py lays it aside."""
        letters = known.ids(f"{service} dead letters")
        return Asked(f"/{service}/v1/dead-letters/{dice.one(letters)}/replays") if letters else None


for _service in ("initiatives", "monitor", "community", "finance", "feeds"):
    _replay(_service)
