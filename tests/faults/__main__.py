"""`make faults`: live load through the whole platform on a real Kafka and Postgres, faults, and the exact state.

How to read the table: each row is a scenario of faults that was played under load. Then the faults stop, everything is
folded, and every read table is compared with a recomputation from the committed commands. `lost` counts rows that are
missing or say too little, `doubled` rows too many or that say too much: both must be 0. The control plays the fault
with one protection taken away, in a database and broker of its own: it must lose or double something, or the row proves
nothing and fails. `FAULTS_SEED=<seed>` plays the same choices again; `FAULTS_ONLY=3,7` plays some scenarios;
`FAULTS_MINUTES` plays rounds with following seeds until the time is over. An outage lasts `FAULTS_OUTAGE` seconds: 4
unless it is said, from 15 minutes on 60.
"""

import asyncio
import os
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from deploy.local import ROOT

from .runner import STEPS, heading, play, table
from .scenarios import SCENARIOS


def main() -> int:
    """Play everything; 0 when all is exact and every control shows why."""
    seed = int(os.environ.get("FAULTS_SEED") or random.SystemRandom().randrange(1_000_000))
    minutes = float(os.environ.get("FAULTS_MINUTES") or 5)
    outage = float(os.environ.get("FAULTS_OUTAGE") or (60 if minutes >= 15 else 4))
    chosen = [int(number) for number in os.environ.get("FAULTS_ONLY", "").split(",") if number]
    numbers = chosen or [1, STEPS, *(number for number in SCENARIOS if number > 1)]
    (ROOT / ".local").mkdir(exist_ok=True)
    state = Path(tempfile.mkdtemp(prefix="faults-", dir=ROOT / ".local"))
    began = time.monotonic()
    print(f"faults: seed {seed}, {minutes:g} minutes, in {state}\n", flush=True)
    results = asyncio.run(play(state, seed, numbers, minutes, outage, lambda text: print(text, flush=True)))
    failed = [result for result in results if result.failures]
    print(f"\n{heading()}\n{table(results)}")
    print(f"\n{len(results)} scenarios in {time.monotonic() - began:.0f} s, {len(failed)} failed")
    if failed:
        print(f"again: make faults FAULTS_SEED={failed[0].seed} FAULTS_ONLY={failed[0].number}; logs in {state}")
        return 1
    shutil.rmtree(state)
    return 0


if __name__ == "__main__":
    sys.exit(main())
