"""Commands on what the programme comes to: goals, outcomes, assessments, instruments."""

from datetime import date, timedelta

from ..asked import Asked, Json, Known, command
from ..dice import Dice
from .monitor import SOURCES, V1

LEVELS = ("autonomous-development", "programme", "initiative")
QUESTIONS = ("effective", "efficient")
PERIODS = ("1900", "1900-01", "2016", "2016-Q1", "2018", "2019-02", "2024-Q4", "2026", "2099", "2099-12")
_BODIES = ("programma", "gedeputeerde-staten", "provinciale-staten", "externe-evaluatie")
_COUNTS = (
    "initiatives",
    "initiatives-advanced",
    "lessons-drawn",
    "lessons-transferable",
    "lessons-transferred",
    "recorded-outcomes",
    "recorded-municipalities",
)


def _maybe(dice: Dice, options: list[str]) -> str | None:
    return dice.one(options) if options and dice.chance(0.5) else None


def _past(dice: Dice, known: Known) -> str:
    return dice.day(known.today, until=known.today).isoformat()


@command(f"{V1}/impact/goals", "programme")
def goal(dice: Dice, known: Known) -> Asked | None:
    """Judged by a count, by a figure of any area and period, or not yet."""
    level = dice.one(LEVELS)
    single = [code for code in known.ids("indicators") if known.of("indicators")[code].get("measure") != "distribution"]
    how = dice.one(("counts", "figure", "figure", "neither"))
    figure: Json = {
        "indicator": dice.one(single),
        "source": dice.one(("dialogue", *SOURCES)),
        "area": _maybe(dice, known.ids("areas")),
        "period": dice.one((*PERIODS, None, None)),
    }
    basis = dice.one(("value", "value", "baseline", "all-municipalities"))
    target = dice.one((0, 1, 500_000, 3_000_000, 10**15, None))
    body: Json = {
        "id": (id_ := dice.slug()),
        "level": level,
        "question": dice.one(QUESTIONS),
        "initiative": dice.one(known.ids("initiatives")) if level == "initiative" else None,
        "title": dice.line(),
        "ambition": dice.text(),
        "paragraph": dice.line(),
        "counts": dice.one(_COUNTS) if how == "counts" else None,
        "measure": figure if how == "figure" else None,
        "basis": basis,
        "targetMillionths": target if basis == "value" else None,
        "direction": dice.one(("higher-is-better", "lower-is-better")),
        "due": dice.one((dice.day(known.today).isoformat(), None)),
    }
    if how == "figure" and dice.chance(0.5):
        body["baselinePeriod"] = dice.one(PERIODS)
    elif dice.chance(0.5):
        body["baselineMillionths"] = dice.one((0, 1, 10**15))
    return Asked(f"{V1}/impact/goals", body, "goals", id_)


@command(f"{V1}/impact/programme-areas", "programme")
def programme_area(dice: Dice, known: Known) -> Asked | None:
    """A town or region, from any day on."""
    listed = set(known.ids("programme-areas"))
    areas = [*known.ids("areas", level="municipality"), *known.ids("areas", level="region")]
    free = [code for code in areas if code not in listed]
    if not free:
        return None
    since = dice.day(known.today)
    ends = since < date(2199, 12, 31) and dice.chance(0.3)
    body: Json = {
        "area": (code := dice.one(free)),
        "validFrom": since.isoformat(),
        "validUntil": dice.day(known.today, since=since + timedelta(days=1)).isoformat() if ends else None,
        "paragraph": dice.line(),
    }
    return Asked(f"{V1}/impact/programme-areas", body, "programme-areas", code)


@command(f"{V1}/outcomes", "programme")
def outcome(dice: Dice, known: Known) -> Asked | None:
    """Of an initiative, a goal, or both; from the fewest that may be told to the most."""
    goal_of = _maybe(dice, known.ids("goals"))
    people = dice.chance(0.5)
    body: Json = {
        "id": (id_ := dice.slug()),
        "initiative": dice.one(known.ids("initiatives")) if goal_of is None or dice.chance(0.5) else None,
        "goal": goal_of,
        "indicator": _maybe(dice, known.ids("indicators")),
        "area": _maybe(dice, known.ids("areas")),
        "lesson": _maybe(dice, known.ids("lessons")),
        "statement": dice.text(),
        "counts": "people" if people else "things",
        "count": dice.number(10 if people else 1, 10**7),
        "evidence": dice.text(),
        "on": _past(dice, known),
    }
    return Asked(f"{V1}/outcomes", body, "outcomes", id_)


@command(f"{V1}/assessments", "programme")
def assessment(dice: Dice, known: Known) -> Asked | None:
    """An answer on evidence beside the autonomous trend, or that it is not known."""
    level = dice.one(LEVELS)
    unknown = dice.chance(0.4)
    code = dice.one(known.ids("indicators"))
    document: Json = {"kind": "document", "ref": dice.line(), "note": dice.one((None, dice.line()))}
    trend: Json = {"kind": "autonomous-trend", "ref": code, "area": dice.one(known.ids("areas")), "period": "2019"}
    goals: list[Json] = [{"kind": "goal", "ref": each} for each in dice.some(known.ids("goals"), 3)]
    body: Json = {
        "id": (id_ := dice.slug()),
        "level": level,
        "question": dice.one(QUESTIONS),
        "initiative": dice.one(known.ids("initiatives")) if level == "initiative" else None,
        "statement": dice.text(),
        "verdict": "unknown" if unknown else dice.one(("yes", "partly", "no")),
        "reason": dice.text() if unknown else None,
        "by": dice.one(_BODIES),
        "on": _past(dice, known),
        "evidence": [] if unknown and dice.chance(0.5) else [document, trend, *goals],
    }
    return Asked(f"{V1}/assessments", body, "assessments", id_)


@command(f"{V1}/impact/instruments", "programme")
def instrument(dice: Dice, _: Known) -> Asked | None:
    """An option."""
    body: Json = {
        "id": (id_ := dice.slug()),
        "title": dice.line(),
        "description": dice.text(),
        "paragraph": dice.one((None, dice.line())),
    }
    return Asked(f"{V1}/impact/instruments", body, "instruments", id_)


@command(f"{V1}/impact/instrument-evidence", "programme")
def instrument_evidence(dice: Dice, known: Known) -> Asked | None:
    """For or against an option."""
    body: Json = {
        "id": (id_ := dice.slug()),
        "instrument": dice.one(known.ids("instruments")),
        "statement": dice.text(),
        "weight": dice.one(("for", "against", "neutral")),
        "source": dice.line(),
        "initiative": _maybe(dice, known.ids("initiatives")),
        "on": _past(dice, known),
    }
    return Asked(f"{V1}/impact/instrument-evidence", body, "instrument-evidence", id_)


@command(f"{V1}/impact/instrument-decisions", "programme")
def instrument_decision(dice: Dice, known: Known) -> Asked | None:
    """Put off without evidence; otherwise on what stands there."""
    about = dice.one(known.ids("instruments"))
    evidence = any(each.get("instrument") == about for each in known.of("instrument-evidence").values())
    body: Json = {
        "id": (id_ := dice.slug()),
        "instrument": about,
        "decision": dice.one(("adopted", "rejected", "deferred")) if evidence else "deferred",
        "by": dice.one(_BODIES),
        "on": known.today.isoformat() if dice.chance(0.7) else _past(dice, known),
        "reason": dice.text(),
    }
    return Asked(f"{V1}/impact/instrument-decisions", body, "instrument-decisions", id_)
