"""What the values of an indicator are in: `score-1-5` is a scale, any other text is the name of a thing."""

import re

from .text import UnfitText, clean_name

#: A scale has whole points between these ends: as many classes as a distribution can have.
LOWEST, HIGHEST = 0, 100
_END = "(0|[1-9][0-9]?|100)"
_SCALE = re.compile(f"score-{_END}-{_END}")
#: Whatever looks like a scale is to be one.
_LIKE_A_SCALE = re.compile(r"score\s*[-‐-―−]", re.IGNORECASE)


def scale_of(unit: str) -> tuple[int, int] | None:
    """The ends of a scale, the low one first; None for what is none."""
    found = _SCALE.fullmatch(unit)
    if found is None:
        return None
    low, high = int(found[1]), int(found[2])
    return (low, high) if low < high else None


def clean_unit(text: str) -> str:
    """A unit as it is kept: a scale, or a name. Raises UnfitText for what only looks like a scale."""
    unit = clean_name(text)
    if _LIKE_A_SCALE.match(unit) and scale_of(unit) is None:
        raise UnfitText(
            f"een schaal schrijft u als score-1-5: twee gehele getallen van {LOWEST} tot en met {HIGHEST} zonder nul "
            f"vooraan, eerst het laagste"
        )
    return unit
