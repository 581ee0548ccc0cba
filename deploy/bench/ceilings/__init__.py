"""Contestant (vi): how fast a client can read the log when it folds and writes nothing. `BENCH_MODE` says which."""

import msgspec


class Measured(msgspec.Struct, frozen=True):
    """What reading it all took, from the first record on: seconds, seconds of CPU, and peak memory in MB."""

    seconds: float
    cpu: float
    memory: float
