"""Commands through the published port, each until it is accepted: dialogues planned, held and now and then withdrawn.

A mixed load also registers organisations and initiatives and promises and pays money, so that every service moves.
"""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from uuid import uuid4

import httpx2

#: From different regions, so that many cells move.
MUNICIPALITIES = ("GM0794", "GM0855", "GM0758", "GM0796", "GM0867", "GM1674", "GM0826", "GM0748")
TOPICS = ("ontmoeting", "burenhulp", "gezond-voelen", "volhouden", "vertrouwen-in-elkaar")
Json = dict[str, object]


class NotAccepted(AssertionError):
    """A command was refused, or not accepted in time."""


@dataclass
class Dialogue:
    """What the platform accepted of one dialogue."""

    municipality: str
    held_on: str
    findings: list[tuple[str, list[int]]]
    withdrawn: bool = False


@dataclass
class Load:
    """Writers beside each other. `accepted` is their own record of what got a 2xx."""

    url: str
    tokens: dict[str, str]
    writers: int = 4
    patience: float = 180
    #: Between two dialogues of one writer: load enough to notice a loss, not a benchmark.
    pause: float = 0.15
    seed: int = 0
    mixed: bool = False
    accepted: dict[str, Dialogue] = field(default_factory=dict)
    #: Events other than of dialogues that were accepted: the type's kind and the id.
    others: set[tuple[str, str]] = field(default_factory=set)
    answers: int = 0
    retries: Counter[str] = field(default_factory=Counter)
    longest_wait: float = 0.0
    _go: threading.Event = field(default_factory=threading.Event)
    _failures: list[BaseException] = field(default_factory=list)
    _given_up: bool = False

    @contextmanager
    def running(self) -> Iterator[None]:
        """Write in the background; leaving waits until every begun dialogue is accepted."""
        self._failures, self._given_up = [], False
        self._go.set()
        threads = [threading.Thread(target=self._write, args=(n,), name=f"writer-{n}") for n in range(self.writers)]
        for thread in threads:
            thread.start()
        try:
            yield
        except BaseException:
            self._given_up = True
            raise
        finally:
            self._go.clear()
            for thread in threads:
                thread.join()
        if self._failures:
            raise NotAccepted(f"a writer gave up: {self._failures[0]!r}")

    def wait_for(self, more: int, seconds: float = 120) -> None:
        """Let `more` further dialogues be accepted."""
        goal, deadline = len(self.accepted) + more, monotonic() + seconds
        while len(self.accepted) < goal and not self._failures:
            if monotonic() > deadline:
                raise NotAccepted(
                    f"{goal - len(self.accepted)} of {more} dialogues were not accepted in {seconds:.0f} s"
                )
            sleep(0.05)

    def _write(self, number: int) -> None:
        chance = random.Random(self.seed * 1000 + number)
        try:
            with httpx2.Client(base_url=self.url, timeout=10) as client:
                while self._go.is_set():
                    self._one(client, chance)
                    if self.mixed and chance.random() < 0.2:
                        self._other(client, str(uuid4()))
                    sleep(self.pause)
        except BaseException as error:  # noqa: BLE001  reported by running()
            self._failures.append(error)

    def _one(self, client: httpx2.Client, chance: random.Random) -> None:
        id_, today = str(uuid4()), datetime.now(UTC).date()
        findings = [
            (topic, [chance.randrange(8) for _ in range(5)])
            for topic in chance.sample(TOPICS, chance.randint(1, len(TOPICS)))
        ]
        findings = [(topic, scores if sum(scores) else [1, 0, 0, 0, 0]) for topic, scores in findings]
        municipality = chance.choice(MUNICIPALITIES)
        plan: Json = {
            "id": id_,
            "municipality": municipality,
            "neighbourhood": None,
            "organiser": "pon",
            "initiative": None,
            "themes": ["verbinding"],
            "plannedOn": (today - timedelta(days=7)).isoformat(),
        }
        held: Json = {
            "heldOn": today.isoformat(),
            "groups": {"bewoners": max(sum(scores) for _, scores in findings)},
            "findings": [{"topic": topic, "scores": scores} for topic, scores in findings],
            "actions": [],
        }
        self._until_accepted(client, "community", "/community/v1/dialogues", plan)
        self._until_accepted(client, "community", f"/community/v1/dialogues/{id_}/held", held)
        dialogue = Dialogue(municipality, today.isoformat(), findings)
        if chance.random() < 0.15:
            self._until_accepted(
                client, "community", f"/community/v1/dialogues/{id_}/withdrawal", {"reason": "wrong-data"}
            )
            dialogue.withdrawn = True
        self.accepted[id_] = dialogue

    def _other(self, client: httpx2.Client, id_: str) -> None:
        today = datetime.now(UTC).date().isoformat()
        organisation: Json = {"id": id_, "name": f"Organisatie {id_}", "kind": "social"}
        initiative: Json = {
            "id": id_,
            "title": f"Initiatief {id_}",
            "challenge": "Buren kennen elkaar niet.",
            "approach": "Samen eten.",
            "learningQuestion": "Wie komt er?",
            "lines": ["gebiedsgericht"],
            "themes": ["verbinding"],
            "municipalities": ["GM0794"],
        }
        commitment: Json = {
            "id": id_, "period": "2017", "amountCents": 1, "recipient": "pon", "initiative": None, "madeOn": today,
        }  # fmt: skip
        payment: Json = {"id": id_, "amountCents": 1, "paidOn": today}
        line = "/finance/v1/budget-lines/concrete-initiatieven/commitments"
        for kind, role, path, body in (
            ("organisation", "community", "/community/v1/organisations", organisation),
            ("initiative", "programme", "/initiatives/v1/initiatives", initiative),
            ("commitment", "finance", line, commitment),
            ("disbursement", "finance", f"/finance/v1/commitments/{id_}/disbursements", payment),
        ):
            self._until_accepted(client, role, path, body)
            self.others.add((kind, id_))

    def _until_accepted(self, client: httpx2.Client, role: str, path: str, body: Json) -> None:
        """The same request with the same key, until it is answered: what a careful client does."""
        key, began = str(uuid4()), monotonic()
        headers = {"Authorization": f"Bearer {self.tokens[role]}", "Idempotency-Key": key}
        while True:
            try:
                answer = client.post(path, json=body, headers=headers)
            except httpx2.TransportError as error:
                said = repr(error)
            else:
                if answer.is_success:
                    self.answers += 1
                    self.longest_wait = max(self.longest_wait, monotonic() - began)
                    return
                said = f"{answer.status_code} {answer.text[:500]}"
                if answer.status_code < 500:
                    raise NotAccepted(f"POST {path}: {said}")
            if self._given_up or monotonic() - began > self.patience:
                raise NotAccepted(f"POST {path}: not accepted in {self.patience:.0f} s, last: {said}")
            self.retries[said[:3] if said[:3].isdigit() else said.partition("(")[0]] += 1
            sleep(0.1)
