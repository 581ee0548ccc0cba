"""When Python looks for garbage, in processes that fold events."""

import gc


def collect_seldom() -> None:
    """Events come in many thousands and hold no cycles: looking for some each 700 objects costs a fifth of the work."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
