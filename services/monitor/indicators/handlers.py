"""The commands of indicators, one transaction each. Each answers False when exactly this was there already."""

from shared import outbox
from shared.contracts.monitor import (
    IndicatorRegistered,
    IndicatorVersionPublished,
)
from shared.contracts.vocabulary import Measure
from shared.database import Connection
from shared.outbox.cause import Cause
from shared.refusals import Conflict, Invalid, NotFound

from ..figure.quantity import quantity_of
from . import store


async def register_indicator(connection: Connection, indicator: IndicatorRegistered, cause: Cause) -> bool:
    """Define an indicator."""
    if indicator.measure is Measure.MEAN and quantity_of(indicator.measure, indicator.unit).too_short:
        reason = "Een schaal heeft minstens vier punten: van ja of nee is een aandeel (ratio), geen gemiddelde."
        raise Invalid("scale-too-short", reason, "#/unit")
    return await store.insert_indicator(connection, indicator, cause)


async def publish_indicator_version(connection: Connection, version: IndicatorVersionPublished, cause: Cause) -> bool:
    """Publish the next version of an indicator, valid after the one before."""
    if version.comparable and version.reason is not None:
        raise Invalid("reason-of-comparable", "Wie vergelijkbaar is, heeft geen reden (null).", "#/reason")
    if not version.comparable and version.reason is None:
        raise Invalid("reason-missing", "Zeg waarom cijfers van ervoor niet vergelijkbaar zijn.", "#/reason")
    if not await store.lock_indicator(connection, version.code):
        raise NotFound("unknown-indicator", f"Indicator {version.code} bestaat niet.")
    known = await store.versions_of(connection, version.code)
    if version.version <= len(known) + 1:
        if version not in known:
            raise outbox.id_in_use(f"{version.code} versie {version.version}")
        return False
    if version.version != len(known) + 2:
        raise Conflict("version-skipped", f"De volgende versie is {len(known) + 2}.", "#/version")
    if known and version.valid_from <= known[-1].valid_from:
        raise Conflict(
            "not-after-previous", f"De vorige versie geldt vanaf {known[-1].valid_from}: kies later.", "#/validFrom"
        )
    await store.insert_indicator_version(connection, version, cause)
    return True


async def require_scored(connection: Connection, codes: list[str], pointer: str) -> None:
    """Refuse the first of these indicators that is no mean of scores from 1 to 5, by its number in `pointer`."""
    unknown = await store.unknown_indicator(connection, codes)
    if unknown is not None:
        raise Invalid("unknown-indicator", f"Indicator {unknown['id']} bestaat niet.", pointer.format(unknown["n"] - 1))
    other = await store.not_scored(connection, codes)
    if other is not None:
        raise Invalid(
            "not-scored",
            f"Een dialoog geeft scores van 1 tot 5; indicator {other['id']} is geen gemiddelde daarvan "
            f"({other['measure']}, {other['unit']}).",
            pointer.format(other["n"] - 1),
        )
