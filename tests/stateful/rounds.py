"""Plays rounds of accepted commands of every kind, and looks at everything after each.

Why no RuleBasedStateMachine: hypothesis would have to start from nothing for each example and again for each step of
shrinking, and a platform takes ten seconds to start. So this is one long example, made by a seed: each round draws
commands from the table by what was accepted before, and a failure prints the commands of that round, and the seed that
plays all of it again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import asyncpg
import httpx2

from deploy.local.stack import Stack
from shared.contracts import CONTRACTS

from ..faults.parts.progress import READS
from ..load import MUNICIPALITIES
from .asked import Asked, Known
from .crawler import Crawler
from .dice import Dice
from .registers import read_registers
from .revisions import all_commands
from .routes import commands, readings
from .verdict import LAID_ASIDE, Watch

_SHOWN = 30
#: What other tests and the load of `make faults` count on: tests/load.py, tests/journeys.
_SPARED = ("pon", "sociale-stad", "dorpsmolen", "concrete-initiatieven", "lerend-netwerk", *MUNICIPALITIES)
#: A copy of an event that was folded, laid aside as one that could not be: its replay must change nothing.
_LAY_ASIDE = """
INSERT INTO {service}.dead_letter (projection, topic, partition, "offset", event_id, reason, value, found_at)
SELECT $1, $2, 0, least((SELECT min("offset") FROM {service}.dead_letter), 0) - 1, event.id, $3, event.value, now()
FROM feeds.event WHERE type = ANY($4) ORDER BY position LIMIT 1 RETURNING id
"""

#: What is laid aside here stands in the feed already, which has a place for an event once: each replay is refused.
_TAKEN_ONCE = "/feeds/v1/dead-letters/{letter}/replays"


@dataclass
class Tally:
    """What was asked and what became of it, by route."""

    accepted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    why: dict[str, str] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """Which part of the commands was accepted."""
        asked = self.accepted.total() + self.refused.total()
        return self.accepted.total() / asked if asked else 0.0

    def never(self) -> list[str]:
        """Commands of which none was accepted: nothing was shown of them."""
        wanted = [route for route in commands() if route != _TAKEN_ONCE]
        return [f"{route}: {self.why.get(route, 'never asked')}" for route in wanted if not self.accepted[route]]


@dataclass
class Rounds:
    """A run over a stack that is up."""

    stack: Stack
    client: httpx2.AsyncClient
    seed: int
    tally: Tally = field(default_factory=Tally)
    #: What was found wrong, after which nothing more is played.
    wrong: list[str] = field(default_factory=list)
    rounds: int = 0
    _asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = Dice(self.seed)
        self.known = Known(datetime.now(UTC).date(), spared=set(_SPARED))
        self.crawler = Crawler(self.client, self.stack.tokens, self.dice)
        self.watch = Watch(self.stack, self.client)

    async def begin(self, spared: Callable[[], Iterable[str]] = tuple) -> None:
        """Read what is there. What is `spared`, and dialogues that others hold, is left alone."""
        await self.watch.begin()
        await self._read()
        self.known.of("dialogues").clear()
        # Asked last: others go on making some.
        self.known.spared |= set(spared())

    async def round(self, extra: int, times: int, follow: int, *, alone: bool = True) -> bool:
        """Each command once, `extra` more by chance; then look at everything. False when something is wrong.

        Every route is read `times`, and so many links are followed. When others write too, not `alone`, what is folded
        and counted is left to who stops them.
        """
        await self.play(extra)
        self.wrong += await (self.watch.wrong() if alone else self.watch.fatal())
        if not self.wrong:
            if alone:
                await self._read()
            await self.crawler.round(readings(), self.known, times, follow)
            self.wrong += self.crawler.wrong
        return not self.wrong

    async def play(self, extra: int, often: Sequence[str] = ()) -> None:
        """Each command once, those of `often` more often, and `extra` more by chance."""
        table = all_commands()
        self._asked.clear()
        self.rounds += 1
        await self._lay_aside()
        names = [*table, *often, *self.dice.random.choices(list(table), k=extra)]
        self.dice.random.shuffle(names)
        for name in names:
            asked = table[name].make(name, self.dice, self.known)
            if asked is not None:
                await self._ask(asked)

    async def rest(self, tries: int = 20) -> bool:
        """Those of which chance let none be accepted, until one of each is; then look at what is folded and counted."""
        table = all_commands()
        self._asked.clear()
        for _ in range(tries):
            never = [name for name in table if not self.tally.accepted[name]]
            for name in [*(["/monitor/v1/areas"] * 2 if never else []), *never]:
                asked = table[name].make(name, self.dice, self.known)
                if asked is not None:
                    await self._ask(asked)
        self.wrong += await self.watch.wrong()
        return not self.wrong

    async def _read(self) -> None:
        await read_registers(self.client, self.stack.tokens["programme"], self.known)

    async def _ask(self, asked: Asked) -> None:
        headers = {"Authorization": f"Bearer {self.stack.tokens[asked.role]}"}
        if asked.key is not None:
            headers["Idempotency-Key"] = asked.key
        self._asked.append(asked)
        if asked.content is None:
            answer = await self.client.post(asked.path, json=asked.body, headers=headers)
        else:
            headers["Content-Type"] = "text/csv"
            answer = await self.client.post(asked.path, content=asked.content, params=asked.params, headers=headers)
        if answer.is_success:
            self.tally.accepted[asked.route] += 1
            asked.accepted(self.known, answer.json())
        elif not asked.spoilt:
            self.tally.refused[asked.route] += 1
            self.tally.why[asked.route] = f"{answer.status_code} {answer.text[:300]} to {str(asked.body)[:600]}"
        if answer.status_code >= 500:
            self.wrong.append(f"POST {asked.path}: {answer.status_code} {answer.text[:300]}")

    async def _lay_aside(self) -> None:
        """A dead letter for each projection that reads something public."""
        owner = await asyncpg.connect(self.stack.postgres.admin_url)
        try:
            for service, reads in READS.items():
                for projection, topics in reads.items():
                    types = [type_ for type_, contract in CONTRACTS.items() if contract.topic in topics]
                    letter = await owner.fetchval(
                        _LAY_ASIDE.format(service=service), projection, topics[0], LAID_ASIDE, types
                    )
                    if letter is not None:
                        self.known.of(f"{service} dead letters")[str(letter)] = {}
        finally:
            await owner.close()

    def told(self) -> str:
        """For a person: what is wrong, and the commands of the round before it was, to play again."""
        return "\n".join(
            (
                f"seed {self.seed}, round {self.rounds}: {len(self.wrong)} wrong",
                *(f"  {what}" for what in self.wrong[:_SHOWN]),
                f"the {len(self._asked)} commands of this round, as role, path and body:",
                *(f"  {asked.line()}" for asked in self._asked),
            )
        )
