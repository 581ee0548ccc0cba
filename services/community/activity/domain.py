"""Which part of the activity a reader asks for: pure."""

from collections.abc import Collection
from dataclasses import dataclass

from shared.contracts.catalogue import CATALOGUE, Concerns, News

#: The event types that can become an activity.
TYPES = tuple(sorted(name for name, entry in CATALOGUE.items() if isinstance(entry.news, News)))


def tags_of(type_: str, concerns: Concerns) -> frozenset[str]:
    """What a filter looks at."""
    return frozenset(
        (
            f"type:{type_}",
            *([f"initiative:{concerns.initiative}"] if concerns.initiative else []),
            *(f"municipality:{area}" for area in concerns.areas),
            *(f"theme:{theme}" for theme in concerns.themes),
            *(f"organisation:{organisation}" for organisation in concerns.organisations),
        )
    )


#: Which parts of a filter name a registered thing, and of which kind.
THINGS = {"initiative": "initiative", "municipality": "area", "organisation": "organisation"}


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """Which activities: every part that is given must fit. `municipality` takes the code of any area."""

    initiative: str | None = None
    municipality: str | None = None
    theme: str | None = None
    organisation: str | None = None
    type: str | None = None

    def things(self) -> dict[str, tuple[str, str]]:
        """The registered things that are asked for, by part: kind and id."""
        return {part: (kind, id_) for part, kind in THINGS.items() if (id_ := getattr(self, part)) is not None}

    def accepts(self, tags: Collection[str]) -> bool:
        """Whether an activity with these tags is asked for."""
        return all(
            value is None or f"{part}:{value}" in tags
            for part, value in (
                ("initiative", self.initiative),
                ("municipality", self.municipality),
                ("theme", self.theme),
                ("organisation", self.organisation),
                ("type", self.type),
            )
        )
