"""Who takes part in the stream benchmark, what each did, and the tables and targets that follow."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from .contest import Drain, Restore
from .contestant import Contestant
from .freshness import Freshness
from .oracle import Difference
from .section import Cell, Section, Target

OURS = Contestant("ours", "ours")
EXACT_STREAMS = Contestant("Kafka Streams, exactly_once_v2", "kafka-streams", "exactly_once_v2")
TUNED_STREAMS = Contestant(
    "Kafka Streams by hand on internals, exactly_once_v2", "kafka-streams-tuned", "exactly_once_v2"
)
QUIX, PATHWAY = Contestant("Quix Streams", "quix"), Contestant("Pathway", "pathway")
CONFLUENT_DECODE = Contestant("confluent-kafka: fetch + decode", "ceilings", "confluent-decode")
FOLDING = (
    OURS,
    Contestant("Kafka Streams, at_least_once", "kafka-streams", "at_least_once"),
    EXACT_STREAMS,
    TUNED_STREAMS,
    QUIX,
    PATHWAY,
    Contestant("Faust", "faust"),
)
CEILINGS = (
    Contestant("confluent-kafka: fetch", "ceilings", "confluent-fetch"),
    CONFLUENT_DECODE,
    Contestant("aiokafka: fetch", "ceilings", "aiokafka-fetch"),
    Contestant("aiokafka: fetch + decode", "ceilings", "aiokafka-decode"),
)
#: Shares of its own drain rate.
LOADS = (0.5, 0.8)


@dataclass
class Results:
    """What each contestant did, in the order of its runs; `out` says why one took no part, or no longer."""

    drains: dict[Contestant, list[Drain]] = field(default_factory=dict)
    restores: dict[Contestant, list[Restore]] = field(default_factory=dict)
    fresh: dict[Contestant, dict[float, list[Freshness]]] = field(default_factory=dict)
    out: dict[Contestant, str] = field(default_factory=dict)

    def rate(self, contestant: Contestant) -> float | None:
        """Median records per second."""
        return self._median(contestant, lambda run: run.rate)

    def cpu(self, contestant: Contestant) -> float | None:
        """Median CPU-seconds per million records."""
        return self._median(contestant, lambda run: run.cpu)

    def memory(self, contestant: Contestant) -> float | None:
        """Median peak memory in MB."""
        return self._median(contestant, lambda run: run.taken.memory)

    def _median(self, contestant: Contestant, what: Callable[[Drain], float]) -> float | None:
        runs = self.drains.get(contestant)
        return median(what(run) for run in runs) if runs else None

    def wrong(self, contestant: Contestant) -> int | None:
        """How much was wrong in all its runs together; None when there were none."""
        seen = [run.difference for run in (*self.drains.get(contestant, ()), *self.restores.get(contestant, ()))]
        return sum(d.wrong_cells + d.dead_missing + d.dead_extra for d in seen) if seen else None


def sections(results: Results) -> list[Section]:
    """All of it."""
    return [_drains(results), _restores(results), _freshness(results), _every_run(results)]


def _drains(results: Results) -> Section:
    rows: list[list[Cell]] = []
    for contestant, runs in results.drains.items():
        folds = contestant not in CEILINGS
        rows.append(
            [
                contestant.name,
                runs[0].size,
                median(run.rate for run in runs),
                median(run.cpu for run in runs),
                median(run.per_million(run.taken.servers.postgres) for run in runs) if folds else None,
                median(run.per_million(run.taken.servers.broker) for run in runs),
                median(run.taken.memory for run in runs),
                *(_wrong(run.difference for run in runs) if folds else (None, None, None, None)),
            ]
        )
    columns = (
        "contestant",
        "records",
        "records/s",
        "CPU-s per million",
        "Postgres CPU-s per million",
        "broker CPU-s per million",
        "peak memory, MB",
        "lost",
        "doubled",
        "wrong rows",
        "wrong dead letters",
    )
    notes = (
        "Medians of all rounds; what was lost, doubled or wrong is the worst of them.",
        "Time and CPU count from the start of the process until all rows and dead letters are right, or, where they "
        "never are, until the last change; less what the same takes for a log of a single record, run just before. So "
        "starting up does not count, nor does the second that a contestant gathers before it writes.",
        "CPU is user and system time of all its processes; memory is the sum of their peaks. A slow contestant got a "
        "shorter log of the same make.",
        "`lost` and `doubled` compare n per municipality, theme and month, and are net of withdrawals, as n is.",
        "Ceilings fold and write nothing; they time themselves from the first record on.",
        *(f"{contestant.name} is out: {' '.join(why.split())[:400]}" for contestant, why in results.out.items()),
    )
    return Section("UC4-NL: draining the log", columns, rows, notes, _targets(results))


def _targets(results: Results) -> list[Target]:
    def ratio(one: float | None, other: float | None) -> float | None:
        return one / other if one is not None and other else None

    cpu = results.cpu(OURS)
    exact, tuned, pathway, quix = (
        ratio(cpu, results.cpu(other)) for other in (EXACT_STREAMS, TUNED_STREAMS, PATHWAY, QUIX)
    )
    ceiling = ratio(results.rate(OURS), results.rate(CONFLUENT_DECODE))
    took_part = OURS in results.drains or OURS in results.out
    wrong = results.wrong(OURS)
    return [
        Target("ours: wrong rows and dead letters, in any run", wrong, 0, at_most=True, required=took_part),
        Target("CPU per event, ours / Kafka Streams exactly_once_v2", exact, 0.5, at_most=True),
        Target("the same beside Kafka Streams by hand on internals", tuned, 0.5, at_most=True),
        Target("CPU per event, ours / Pathway", pathway, 1.0, at_most=True),
        Target("CPU per event, ours / Quix Streams", quix, 1.0, at_most=True),
        Target("events/s, ours / confluent-kafka fetch + decode (0.60 is where we want to be)", ceiling, 0.45),
        Target("ours: peak memory, MB", results.memory(OURS), 300.0, at_most=True),
    ]


def _wrong(differences: Iterable[Difference]) -> tuple[int, int, int, int]:
    """The worst of several runs: lost, doubled, wrong rows, wrong dead letters."""
    seen = list(differences)
    return (
        max(d.lost for d in seen),
        max(d.doubled for d in seen),
        max(d.wrong_cells for d in seen),
        max(d.dead_missing + d.dead_extra for d in seen),
    )


def _restores(results: Results) -> Section:
    rows: list[list[Cell]] = []
    for contestant, runs in results.restores.items():
        seconds = [run.seconds for run in runs if run.seconds is not None]
        stuck = len(runs) - len(seconds)
        rows.append(
            [
                contestant.name,
                len(runs),
                median(seconds) if seconds and not stuck else None,
                *_wrong(run.difference for run in runs),
            ]
        )
    columns = ("contestant", "runs", "s until rows move on", "lost", "doubled", "wrong rows", "wrong dead letters")
    notes = (
        "Killed with kill -9 half way; started again as soon as Postgres had dropped its connections. Counted from "
        "that start until the province's n goes beyond what it was; a dash: it did not in every run, or all was "
        "there already.",
    )
    return Section("UC4-NL: killed half way", columns, rows, notes)


def _freshness(results: Results) -> Section:
    rows: list[list[Cell]] = []
    for contestant, loads in results.fresh.items():
        for load, runs in loads.items():
            late = [run.quantile(0.99) for run in runs]
            rows.append(
                [
                    *(contestant.name, f"{load:.0%}", median(run.rate for run in runs)),
                    *(_middle([run.quantile(0.5) for run in runs]), _middle(late)),
                    " / ".join("-" if each is None else f"{each:.3g}" for each in late),
                    *(sum(len(run.latencies) for run in runs), sum(run.unseen for run in runs)),
                ]
            )
    columns = (
        *("contestant", "load", "records/s sent", "p50, s", "p99, s", "p99 of each run, s"),
        *("probes seen", "probes not seen"),
    )
    ours = [run.quantile(0.99) for run in results.fresh.get(OURS, {}).get(LOADS[-1], [])]
    target = Target("ours: freshness p99 at 80% load, s", _middle(ours), 1.0, at_most=True)
    notes = (
        "A steady load at a share of the contestant's own drain rate, from a process on the servers' core. Every 50 ms "
        "a probe in a month of its own; its latency runs from the hand-over to the producer (linger 5 ms) until the "
        "province's row shows it, sampled every 10 ms. The first 3 s do not count. Medians of three runs.",
        "Where fewer records were sent than the load asks for, the servers' core was full.",
    )
    return Section("UC4-NL: freshness under load", columns, rows, notes, [target])


def _middle(seen: Sequence[float | None]) -> float | None:
    """The median, where a run in which it was too late to see is slower than any other; None when that is it."""
    ranked = sorted(seen, key=lambda each: (each is None, each))
    return ranked[len(ranked) // 2] if ranked else None


def _every_run(results: Results) -> Section:
    rows: list[list[Cell]] = [
        [
            *(contestant.name, number, run.size, run.taken.seconds, run.start.seconds),
            *(run.rate, run.cpu, run.start.cpu, run.taken.memory),
        ]
        for contestant, runs in results.drains.items()
        for number, run in enumerate(runs, start=1)
    ]
    columns = (
        *("contestant", "round", "records", "s", "s to start"),
        *("records/s", "CPU-s per million", "CPU-s to start", "peak memory, MB"),
    )
    return Section("UC4-NL: every drain", columns, rows)
