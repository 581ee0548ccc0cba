"""Fast path, for the benchmark row `ours`: processes that fold events look for garbage seldom. The plain way is
Python's own pace."""

import gc


def collect_seldom() -> None:
    """Events come in many thousands and hold no cycles: looking for some each 700 objects costs a fifth of the work."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
