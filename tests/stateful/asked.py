"""A command to be, and the table of what makes them: one generator for each POST route."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from .dice import Dice

Json = dict[str, object]


@dataclass
class Known:
    """What was accepted so far: per kind of thing, the newest body of each under its id.

    A body is as it was posted or as a GET tells it, so generators take from it only what both have.
    """

    today: date
    things: dict[str, dict[str, Json]] = field(default_factory=dict)
    #: Kind and id of what was accepted since the last look.
    news: list[tuple[str, str]] = field(default_factory=list)
    #: Ids of what others count on to stay as it is: never named.
    spared: set[str] = field(default_factory=set)

    def of(self, kind: str) -> dict[str, Json]:
        """All of a kind, under their ids."""
        return self.things.setdefault(kind, {})

    def ids(self, kind: str, **wanted: object) -> list[str]:
        """The ids of those of a kind whose fields are as `wanted`, oldest first."""
        return [
            id_
            for id_, body in self.of(kind).items()
            if all(body.get(name) == value for name, value in wanted.items())
            and not body.get("withdrawn")
            and id_ not in self.spared
        ]

    def keep(self, kind: str, id_: str, body: Json) -> None:
        """This is so now."""
        self.of(kind)[id_] = {**self.of(kind).get(id_, {}), **body}
        self.news.append((kind, id_))


@dataclass(frozen=True)
class Asked:
    """A POST: where, what, and what is known once it is accepted."""

    path: str
    body: Json | None = None
    #: What a later command may name: its kind, its id unless the answer has it, and what of it is new when that is
    #: not the body.
    kind: str | None = None
    id: str | None = None
    learns: Json | None = None
    #: Instead of JSON.
    content: bytes | None = None
    params: dict[str, str] = field(default_factory=dict)
    key: str | None = None
    #: Set by the table.
    route: str = ""
    role: str = ""
    spoilt: bool = False

    def accepted(self, known: Known, answer: object) -> None:
        """It was, with this answer: which version of a thing it made stands there."""
        if self.kind is not None and self.id is not None:
            known.keep(self.kind, self.id, self.learns if self.learns is not None else self.body or {})
            if isinstance(answer, dict) and "version" in answer:
                known.keep(self.kind, self.id, {"version": answer["version"]})
        elif self.kind is not None and isinstance(answer, dict):
            known.keep(self.kind, str(answer["id"]), {})

    def line(self) -> str:
        """As a line of Python that can be played again."""
        posted = written(self.body)
        what = posted if self.content is None else f"content={self.content!r}, params={self.params!r}"
        return f"({self.role!r}, {self.path!r}, {what}, key={self.key!r})"


Generator = Callable[[Dice, Known], Asked | None]


@dataclass(frozen=True)
class Command:
    """How commands of a route are made; None from its generator: nothing there yet to do it to."""

    role: str
    generate: Generator

    def make(self, route: str, dice: Dice, known: Known) -> Asked | None:
        """A command, in most cases one that is accepted; sometimes near to one, and sometimes under a key."""
        asked = self.generate(dice, known)
        if asked is None:
            return None
        asked = replace(asked, route=route, role=self.role, key=dice.uuid() if dice.chance(0.3) else None)
        return spoil(dice, asked) if asked.body and dice.chance(0.15) else asked


def written(value: object) -> str:
    """As Python, with a long row of one letter as `"x" * 200`."""
    if isinstance(value, str) and len(value) > 40 and len(set(value)) == 1:
        return f"{value[0]!r} * {len(value)}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name!r}: {written(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return repr(value)


COMMANDS: dict[str, Command] = {}


def command(route: str, role: str) -> Callable[[Generator], Generator]:
    """Enter a generator in the table."""

    def enter(generate: Generator) -> Generator:
        COMMANDS[route] = Command(role, generate)
        return generate

    return enter


#: Fields that say which thing it is about.
_NAMES = {"id", "code", "area", "version"}


def spoil(dice: Dice, asked: Asked) -> Asked:
    """The same command with one value replaced by one that hardly any field takes."""
    body = dict(asked.body or {})
    name = dice.one(sorted(body))
    value = body[name]
    if isinstance(value, list) and value and dice.chance(0.6):
        odd: list[object] = [*value, dice.one((value[0], dice.odd()))]
        body[name] = odd
    else:
        body[name] = dice.odd()
    if body.get(name) != value and name in _NAMES:
        return replace(asked, body=body, spoilt=True, kind=None)
    return replace(asked, body=body, spoilt=True)
