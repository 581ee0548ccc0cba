"""A command with auth and outbox beside a bare FastAPI + asyncpg insert of the same row, under wrk.

`python -m deploy.bench.command_api`
"""

import asyncio
import os
import shutil
import statistics
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import asyncpg
import msgspec

from deploy.local.keys import ensure_key, mint_tokens
from deploy.local.ports import HOST, free_port, listens
from deploy.local.postgres import Postgres, start_postgres
from deploy.local.processes import end, spawn, tail, until
from shared.database.migration import migrate

from .section import Missing, Section, Target
from .unlimited import UNLIMITED

_SERVICE = "community"
_ROUNDS = 5
_SECONDS = 10.0
_CONNECTIONS = 32
_ROOT = Path(__file__).parents[2]
_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")

_COUNTS = "SELECT (SELECT count(*) FROM dialogue), (SELECT count(*) FROM outbox), (SELECT count(*) FROM idempotency)"

#: A fresh body per request. `prefix` makes the ids of each run its own; with `keys` each has an Idempotency-Key.
_LUA = """
local n = 0
local body = '{"id":"%s-%d","municipality":"GM0794","neighbourhood":"Annawijk","organiser":"pon",' ..
             '"initiative":"sociale-stad","themes":["verbinding"],"plannedOn":"2026-11-20"}'
local prefix, keys

function init(args)
    prefix, keys = args[1], args[2] == "keys"
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/json"
    if args[3] then wrk.headers["Authorization"] = "Bearer " .. args[3] end
end

function request()
    n = n + 1
    if keys then wrk.headers["Idempotency-Key"] = prefix .. "-" .. n end
    return wrk.format(nil, nil, nil, body:format(prefix, n))
end

function done(summary, latency, requests)
    local errors = summary.errors
    local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
    print(string.format('{"requests":%d,"failed":%d,"seconds":%.6f,"p99":%.3f}',
                        summary.requests, failed, summary.duration / 1e6, latency:percentile(99) / 1e3))
end
"""


class Load(msgspec.Struct, frozen=True):
    """What wrk saw: answers, those that were not well, seconds, and latency in ms at the 99th percentile."""

    requests: int
    failed: int
    seconds: float
    p99: float


@dataclass(frozen=True)
class Run:
    """A round of a contestant: requests/s, CPU seconds of the server per million requests, p99 in ms."""

    rate: float
    cpu: float
    p99: float


@dataclass(frozen=True)
class _Contestant:
    module: str
    path: str
    keyed: bool = False


_CONTESTANTS = {
    "command": _Contestant("services.community", "/community/v1/dialogues"),
    "command, Idempotency-Key": _Contestant("services.community", "/community/v1/dialogues", keyed=True),
    "bare": _Contestant("deploy.bench.bare_api", "/dialogues"),
}


class _Runner:
    def __init__(self, state: Path, postgres: Postgres, core: int) -> None:
        self._state, self._postgres, self._core = state, postgres, core
        self._script = state / "load.lua"
        self._script.write_text(_LUA, encoding="utf-8")
        self._public_key = ensure_key(state)
        self._token = mint_tokens(state, datetime.now(UTC))["community"]
        self._ran = 0

    async def round(self, contestant: _Contestant, seconds: float) -> Run:
        """A server of its own, warmed, then measured; every answer must have left its rows."""
        await self._empty()
        process, port, log = await self._serve(contestant)
        try:
            warm = await self._load(contestant, port, 2.0)
            used = _cpu(process.pid)
            load = await self._load(contestant, port, seconds)
            used = _cpu(process.pid) - used
        finally:
            await end(process)
        rows = await self._rows(contestant)
        # wrk leaves when time is up: what was under way then is stored, not counted.
        if load.failed or not 0 <= rows - warm.requests - load.requests <= 2 * _CONNECTIONS:
            raise RuntimeError(f"{contestant.module}: {load}, {warm}, {rows} rows:\n{tail(log)}")
        return Run(load.requests / load.seconds, used * 1e6 / load.requests, load.p99)

    async def _serve(self, contestant: _Contestant) -> tuple[Process, int, Path]:
        port = free_port()
        log = self._state / "logs" / f"{contestant.module}-{time.monotonic_ns()}.log"
        process = await spawn(
            ["taskset", "-c", str(self._core), sys.executable, "-m", contestant.module, "api"],
            log,
            cwd=_ROOT,
            env={
                **os.environ,
                **UNLIMITED,
                "VEERKRACHT_DATABASE_URL": self._postgres.url,
                "VEERKRACHT_JWT_PUBLIC_KEY_FILE": str(self._public_key),
                "VEERKRACHT_HTTP_PORT": str(port),
            },
        )

        async def answers() -> bool:
            return listens(f"{HOST}:{port}")

        await until(answers, process, contestant.module, log)
        return process, port, log

    async def _load(self, contestant: _Contestant, port: int, seconds: float) -> Load:
        self._ran += 1
        wrk = await asyncio.create_subprocess_exec(
            "wrk",
            *("-t1", f"-c{_CONNECTIONS}", f"-d{seconds:.0f}s", "-s", self._script),
            f"http://{HOST}:{port}{contestant.path}",
            *("--", f"run{self._ran}", "keys" if contestant.keyed else "no-keys", self._token),
            stdout=PIPE,
        )
        try:
            said, _ = await wrk.communicate()
        finally:
            with suppress(ProcessLookupError):
                wrk.kill()
        return msgspec.json.decode(said.splitlines()[-1], type=Load)

    async def _empty(self) -> None:
        connection = await asyncpg.connect(self._postgres.admin_url)
        await connection.execute(f"SET search_path TO {_SERVICE}")
        await connection.execute("TRUNCATE dialogue, outbox, outbox_fresh, idempotency")
        await connection.execute("CHECKPOINT")
        await connection.close()

    async def _rows(self, contestant: _Contestant) -> int:
        """Dialogues; as many events and answers were stored as there should be. Raises RuntimeError."""
        connection = await asyncpg.connect(self._postgres.admin_url)
        await connection.execute(f"SET search_path TO {_SERVICE}")
        counts = await connection.fetchrow(_COUNTS)
        await connection.close()
        ours = contestant.module.startswith("services")
        dialogues, events, answers = counts or (0, 0, 0)
        if (events, answers) != (dialogues * ours, dialogues * contestant.keyed):
            raise RuntimeError(f"{contestant}: {dialogues} dialogues, {events} events, {answers} answers")
        return int(dialogues)


def _cpu(pid: int) -> float:
    fields = (Path("/proc") / str(pid) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / _TICKS_PER_SECOND


async def _seed(postgres: Postgres) -> None:
    """What a dialogue points at."""
    await migrate(postgres.admin_url, _SERVICE)
    connection = await asyncpg.connect(postgres.admin_url)
    await connection.execute(f"SET search_path TO {_SERVICE}")
    await connection.execute("INSERT INTO organisation VALUES ('pon', 'PON', 'knowledge-partner', now())")
    await connection.executemany(
        "INSERT INTO directory (kind, id, name, valid_from) VALUES ($1, $2, $2, $3)",
        [("municipality", "GM0794", date(2020, 1, 1)), ("initiative", "sociale-stad", None)],
    )
    await connection.execute("ANALYZE")
    await connection.close()


async def measure(
    rounds: int, seconds: float, names: Sequence[str] = tuple(_CONTESTANTS), *, durable: bool = True
) -> Mapping[str, list[Run]]:
    """Interleaved rounds; Postgres and wrk on one core, the server on the other."""
    if shutil.which("wrk") is None:
        raise Missing("wrk (apt-get install wrk)")
    first, *others = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {first})
    try:
        with tempfile.TemporaryDirectory() as folder:
            state = Path(folder)
            postgres = await start_postgres(state, durable=durable)
            try:
                await _seed(postgres)
                runner = _Runner(state, postgres, (others or [first])[0])
                runs: dict[str, list[Run]] = {name: [] for name in names}
                for _ in range(rounds):
                    for name in names:
                        runs[name].append(await runner.round(_CONTESTANTS[name], seconds))
                return runs
            finally:
                await postgres.stop()
    finally:
        os.sched_setaffinity(0, {first, *others})


def section(runs: Mapping[str, list[Run]]) -> Section:
    """The table of these rounds."""
    rate = {name: statistics.median(one.rate for one in all_) for name, all_ in runs.items()}
    rows = [
        (
            name,
            rate[name],
            rate[name] / rate["bare"],
            statistics.median(one.cpu for one in all_),
            statistics.median(one.p99 for one in all_),
        )
        for name, all_ in runs.items()
    ]
    return Section(
        "Command API: POST with auth and outbox",
        ("contestant", "requests/s", "of bare", "CPU s per million requests", "p99 ms"),
        rows,
        [
            f"wrk, {_CONNECTIONS} connections, a fresh dialogue per request; medians of interleaved rounds, a new"
            " process each, 2 s to warm up. One uvicorn process (uvloop, httptools) on one core, wrk and Postgres on"
            " the other.",
            "bare: FastAPI, a pydantic body of the same fields and an asyncpg pool of the same size, one INSERT of the"
            " same row; no auth, no checks, no outbox, no log.",
            "Each answer was checked against the rows it left. Postgres is durable.",
        ],
        [
            Target(f"{name}: requests/s of a bare insert, at least 60%", rate[name] / rate["bare"], 0.6)
            for name in rate
            if name != "bare"
        ],
    )


def run(scale: float) -> Section:
    """The section of the report."""
    return section(asyncio.run(measure(_ROUNDS, max(2.0, _SECONDS * scale))))


def main() -> None:
    """At the scale given."""
    found = run(float(sys.argv[1]) if sys.argv[1:] else 1.0)
    print(found.title, found.columns, *found.rows, *found.notes, *found.targets, sep="\n")


if __name__ == "__main__":
    main()
