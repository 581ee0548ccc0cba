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


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """Which activities: every part that is given must fit. `municipality` takes the code of any area."""

    initiative: str | None = None
    municipality: str | None = None
    theme: str | None = None
    organisation: str | None = None
    type: str | None = None

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
