"""The spending tables as they must be, from what was said. Imports nothing of ours, on purpose."""

from collections.abc import Iterable, Mapping
from typing import Any

Table = dict[tuple[object, ...], tuple[object, ...]]

_PHASES = ("exploring", "preparing", "running", "embedding", "completed", "stopped")


def spending_tables(events: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, Table]:
    """What `nl.veerkracht.<type>.v1` events say, each once: pairs of their short type and data."""
    initiatives: Table = {}
    phases: Table = {}
    lessons: Table = {}
    money: dict[str, list[int]] = {}
    for type_, data in events:
        initiative = data.get("initiative") or ""
        match type_:
            case "initiative.registered":
                initiatives[(initiative,)] = (
                    _PHASES.index(data["phase"]), data["number"], data["title"], tuple(data["municipalities"]),
                    tuple(data["regions"]),
                )  # fmt: skip
            case "initiative.phase-changed":
                phases[initiative, _PHASES.index(data["phase"])] = (data["on"],)
            case "lesson.drawn":
                lessons[(data["lesson"],)] = (
                    initiative, data["title"], data["worked"], data["transferable"], data["on"],
                )  # fmt: skip
            case "commitment.made" | "disbursement.made":
                at = 0 if type_ == "commitment.made" else 2
                row = money.setdefault(initiative, [0, 0, 0, 0])
                row[at] += 1
                row[at + 1] += data["amountCents"]
    return {
        "monitor.initiative": initiatives,
        "monitor.initiative_phase": phases,
        "monitor.initiative_lesson": lessons,
        "monitor.initiative_spending": {(initiative,): tuple(row) for initiative, row in money.items()},
    }


def goals_told(judged: Iterable[Mapping[str, Any]]) -> tuple[Table, Table]:
    """Each verdict must follow on the one told before, and be another one: as it must be, and as the data of
    `goal.judged` events, in order, have it. The last one must stand in `monitor.goal`."""
    wanted: Table = {}
    found: Table = {}
    last: dict[str, str] = {}
    for number, data in enumerate(judged):
        goal = data["goal"]
        wanted[goal, number] = (last.get(goal, "unknown"), True)
        found[goal, number] = (data["previous"], data["previous"] != data["verdict"])
        last[goal] = data["verdict"]
    wanted.update({(goal, "now"): (verdict,) for goal, verdict in last.items()})
    return wanted, found


#: The same tables in Postgres: what names a row and what it says, as in tests/faults/tables.py.
COLUMNS = {
    "monitor.initiative": ("id", "phase, number, title, municipalities, regions"),
    "monitor.initiative_phase": ("initiative, phase", "reached_on::text"),
    "monitor.initiative_lesson": ("id", "initiative, title, worked, transferable, drawn_on::text"),
    "monitor.initiative_spending": ("initiative", "commitments, committed_cents, disbursements, disbursed_cents"),
}
