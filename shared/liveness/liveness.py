"""Whether a consumer stands still, since when, and for how long it may."""

from collections.abc import Callable, Hashable, Iterable

#: A client of Kafka that stands still for so long makes place for a new one.
PATIENCE_SECONDS = 20.0
#: After so many new ones in a row under which nothing moved, though Kafka answered, the process ends.
_MOST_CLIENTS = 2


class Stuck(Exception):
    """A projection stands still, and clients of Kafka that began anew did not help.

    Seen by: the operator, in the worker's log. Ends: the worker, with status 1; its supervisor starts it again.
    """


class Liveness:
    """Of one projection. `now` is a clock that only goes forward."""

    def __init__(
        self, name: str, stuck_after_seconds: float, note_wait: Callable[[str, float], None] = lambda _, __: None
    ) -> None:
        self._name = name
        self._note_wait = note_wait
        self._limit = stuck_after_seconds
        self._joined = False
        #: Without partitions, not knowing whether there are any for it: since when, and why.
        self._waits: tuple[float, str] | None = None
        #: With events to fold, and nothing was folded: since then.
        self._behind: float | None = None
        #: Per partition: Kafka's last answer, as the client tells it, and when we saw that.
        self._heard: dict[Hashable, tuple[int | None, float]] = {}
        #: Clients in a row under which nothing moved.
        self._in_vain = 0

    def connects(self, now: float) -> None:
        """A client looks for Kafka, and asks for its partitions."""
        self._wait(now, "does not reach Kafka and its group")

    def asks(self, now: float) -> None:
        """What it had was taken, to be given again."""
        self._wait(now, "is not given its partitions")

    def placed(self, now: float) -> None:
        """It has been given its partitions, perhaps none."""
        if self._waits is not None:
            self._note_wait("partitions", now - self._waits[0])
        self._joined, self._waits = True, None

    def found_work(self, now: float) -> None:
        """There is something to fold."""
        if self._behind is None:
            self._behind = now

    def heard(self, answers: Iterable[tuple[Hashable, int | None]], ours: Iterable[Hashable], now: float) -> None:
        """What Kafka's last answer is for each partition that it is asked for, of those that are ours."""
        answers = list(answers)
        for rests in set(ours) - {partition for partition, _ in answers}:
            self._heard.pop(rests, None)
        for partition, answer in answers:
            if partition not in self._heard or self._heard[partition][0] != answer:
                if partition in self._heard:
                    self._note_wait("Kafka", now - self._heard[partition][1])
                self._heard[partition] = answer, now

    def stands(self, behind: int, moved: bool, now: float) -> None:
        """How many events are to be folded, and whether some just were."""
        if moved or not behind:
            self._behind = None
            if self._waits is None:
                self._in_vain = 0
        if behind:
            self.found_work(now)

    def problem(self, now: float) -> str | None:
        """What is wrong, or None."""
        if not self._joined:
            return f"{self._name} has not joined its consumer group"
        seconds, what = self._still(now)
        return f"{self._name} {what} for {seconds:.0f} s" if seconds > self._limit else None

    def wants_another_client(self, now: float) -> bool:
        """Whether this one has had its time. Raises Stuck when others have not helped."""
        seconds, what = self._still(now)
        if seconds <= PATIENCE_SECONDS:
            return False
        if self._in_vain == _MOST_CLIENTS:
            raise Stuck(f"{self._name} {what} for {seconds:.0f} s, and {_MOST_CLIENTS} new clients did not help")
        self._in_vain += 1
        return True

    def _wait(self, now: float, why: str) -> None:
        self._waits, self._behind, self._heard = (now, why), None, {}

    def _still(self, now: float) -> tuple[float, str]:
        if self._waits is not None:
            since, what = self._waits
            return now - since, what
        if self._behind is not None:
            return now - self._behind, "has events to fold and did not move"
        heard = min((when for _, when in self._heard.values()), default=now)
        return now - heard, "has not heard from Kafka"
