"""The names that this service has learnt, and the references to them in commands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ..contracts.vocabulary import AreaLevel
from ..database import Connection, Record
from ..refusals import Invalid, NotFound
from ..web.dutch import by_name

_LIST = "SELECT id, name, parent, valid_from, valid_until, withdrawn FROM directory WHERE kind = $1"
_IS_THERE = "SELECT true FROM directory WHERE kind = $1 AND id = $2"
_UNKNOWN = """
SELECT asked.n FROM unnest($1::text[], $2::text[], $3::date[]) WITH ORDINALITY AS asked (kind, id, day, n)
WHERE NOT EXISTS (
    SELECT FROM directory WHERE kind = asked.kind AND id = asked.id AND NOT withdrawn
    AND (asked.day IS NULL OR (valid_from <= asked.day AND (valid_until IS NULL OR asked.day < valid_until)))
) ORDER BY asked.n LIMIT 1
"""

_DUTCH = {
    **{level.value: level.dutch for level in AreaLevel},
    "organisation": "organisatie",
    "initiative": "initiatief",
}

#: What there are names of.
KINDS = tuple(_DUTCH)


@dataclass(frozen=True, slots=True)
class Reference:
    """A field of a command that points at ids of a kind, which must be valid on `on` when it is given.

    `pointer` is the JSON pointer to the field; `{}` in it becomes the index of the id.
    """

    kind: str
    ids: Sequence[str]
    pointer: str
    on: date | None = None


async def require(connection: Connection, *references: Reference) -> None:
    """Raise Invalid for the first id that this service does not know as its kind, that is withdrawn, or that is not
    valid on its date."""
    asked = [(reference, index) for reference in references for index in range(len(reference.ids))]
    if not asked:
        return
    kinds, ids = [one.kind for one, _ in asked], [one.ids[index] for one, index in asked]
    number: int | None = await connection.fetchval(_UNKNOWN, kinds, ids, [one.on for one, _ in asked])
    if number is not None:
        unknown, index = asked[number - 1]
        when = f" op {unknown.on.isoformat()}" if unknown.on else ""
        raise Invalid(
            f"unknown-{unknown.kind}",
            f"{_DUTCH[unknown.kind]} {unknown.ids[index]} bestaat niet{when}.",
            unknown.pointer.format(index),
        )


async def require_choice(connection: Connection, kind: str, id_: str | None) -> None:
    """Raise NotFound for a filter on what was never there: it would be an empty list for ever."""
    if id_ is not None and not await connection.fetchval(_IS_THERE, kind, id_):
        raise NotFound(f"unknown-{kind}", f"Er is geen {_DUTCH[kind]} {id_}.")


async def names(connection: Connection, kind: str) -> dict[str, str]:
    """Every known id of a kind with its name, also of what is withdrawn: what named it before names it still."""
    return {row["id"]: row["name"] for row in await entries(connection, kind)}


async def entries(connection: Connection, kind: str) -> list[Record]:
    """Every known id of a kind with its name, parent and validity, by name."""
    return sorted(await connection.fetch(_LIST, kind), key=lambda row: by_name(row["name"]))
