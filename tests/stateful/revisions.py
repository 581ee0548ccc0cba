"""Corrections, changes and withdrawals: one form for all things, so one generator for all their routes."""

import re

from .asked import COMMANDS, Asked, Command, Generator, Json, Known
from .commands import impact, monitor, others
from .dice import LAST, Dice
from .routes import Route, commands

#: Where commands are entered in the table, by being imported.
ENTERED = (impact, monitor, others)
_REVISION = re.compile(r"(?P<of>.+/(?P<kind>[a-z-]+))/\{[a-z_]+\}/(?P<how>corrections|changes|withdrawal)")
#: Not of the full new state.
_ABOUT = {"reason", "version", "from"}
#: What others are built on: mostly as it was.
_PLACES = {"parent", "on", "kind", "predecessors", "successors", "validFrom", "validUntil", "measure", "unit"}
#: Whose `version` is its own number: how often it was otherwise is its `revision`.
_NUMBERED = {"learning-keys"}


def all_commands() -> dict[str, Command]:
    """The table: what was entered by hand, and every revision of what can be registered."""
    found = dict(COMMANDS)
    for path, route in commands().items():
        shape = _REVISION.fullmatch(path)
        if path not in found and shape is not None and shape["of"] in found:
            of = found[shape["of"]]
            found[path] = Command(of.role, _revise(route, shape["of"], shape["kind"], shape["how"], of.generate))
    return found


def _revise(route: Route, of: str, kind: str, how: str, fresh: Generator) -> Generator:
    properties = route.body.get("properties", {})
    state = [name for name in properties if name not in _ABOUT]

    def generate(dice: Dice, known: Known) -> Asked | None:
        ids = known.ids(kind)
        other = fresh(dice, known)
        if not ids or other is None or other.body is None:
            return None
        # Mostly of the newest: nobody refers to those yet.
        id_ = dice.one((*ids[-6:], dice.one(ids)))
        there = known.of(kind)[id_]
        body: Json = {name: there.get(name, other.body.get(name)) for name in state}
        texts = [name for name in state if name not in _PLACES]
        for name in dice.some(texts if dice.chance(0.8) else state, 2) if how != "withdrawal" else ():
            body[name] = other.body.get(name, body[name])
        counted = "revision" if kind in _NUMBERED else "version"
        version = int(str(there.get(counted) or 1))
        about: Json = {
            "reason": dice.one(properties["reason"].get("enum", ("x",))) if "reason" in properties else None,
            "version": version if dice.chance(0.95) else version + 1,
            "from": dice.day(known.today, until=known.today if dice.chance(0.9) else LAST).isoformat(),
        }
        body |= {name: value for name, value in about.items() if name in properties}
        learns = {name: body[name] for name in state} | {counted: version + 1, "withdrawn": how == "withdrawal"}
        return Asked(f"{of}/{id_}/{how}", body, kind, id_, learns)

    return generate
