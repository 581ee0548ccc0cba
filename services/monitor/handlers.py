"""The monitor's registers: one command, one transaction. Each answers False when exactly this was there already."""

from collections.abc import Iterable

from shared import outbox
from shared.contracts.monitor import (
    AreaRegistered,
    AreasReorganised,
    BaselineRecorded,
    IndicatorRegistered,
    IndicatorVersionPublished,
    LearningKeyPublished,
)
from shared.contracts.vocabulary import AreaLevel
from shared.database import Connection
from shared.outbox.cause import Cause
from shared.refusals import Conflict, Invalid, NotFound

from . import figures, store
from .domain import PROGRAMME_START
from .learning import Changed, count_again
from .release import Thresholds

_ABOVE = {
    AreaLevel.NEIGHBOURHOOD: AreaLevel.MUNICIPALITY,
    AreaLevel.MUNICIPALITY: AreaLevel.REGION,
    AreaLevel.REGION: AreaLevel.PROVINCE,
    AreaLevel.PROVINCE: None,
}


async def register_area(connection: Connection, area: AreaRegistered, cause: Cause) -> bool:
    """Register an area under the level directly above it."""
    above = _ABOVE[area.level]
    parent = await store.area_level(connection, area.parent) if area.parent else None
    if parent is not above:
        wanted = f"een gebied van niveau {above}" if above else "leeg (null)"
        raise Invalid("wrong-parent", f"Boven een gebied van niveau {area.level} hoort {wanted}.", "#/parent")
    if area.valid_until is not None and area.valid_until <= area.valid_from:
        raise Invalid("ends-before-start", "validUntil moet na validFrom liggen.", "#/validUntil")
    return await store.insert_area(connection, area, cause)


async def reorganise_areas(connection: Connection, change: AreasReorganised, cause: Cause) -> bool:
    """Add a line to the crosswalk."""
    await _require_areas(connection, change.predecessors, "#/predecessors/{}")
    await _require_areas(connection, change.successors, "#/successors/{}")
    return await store.insert_area_change(connection, change, cause)


async def register_indicator(connection: Connection, indicator: IndicatorRegistered, cause: Cause) -> bool:
    """Define an indicator."""
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


async def publish_learning_key(
    connection: Connection, key: LearningKeyPublished, cause: Cause, thresholds: Thresholds
) -> Changed | None:
    """Publish the next version and count again, by it, all dialogues held from its first day on. None for a repeat."""
    if len({mapping.topic for mapping in key.mappings}) < len(key.mappings):
        raise Invalid("topic-twice", "Elk onderwerp mag één keer voorkomen.", "#/mappings")
    if key.valid_from < PROGRAMME_START:
        raise Invalid(
            "before-programme", f"Het programma begint op {PROGRAMME_START}: kies die dag of later.", "#/validFrom"
        )
    await _require_scored(connection, [mapping.indicator for mapping in key.mappings])
    await store.shut_out_folding(connection)
    version = await store.latest_learning_key(connection)
    if key.version <= version:
        await outbox.require_repeat(connection, key)
        return None
    if key.version != version + 1:
        raise Conflict("version-skipped", f"De volgende versie is {version + 1}.", "#/version")
    if forgotten := await figures.forgotten_since(connection, key.valid_from):
        raise Conflict(
            "findings-not-kept",
            f"Van {forgotten} dialogen vanaf {key.valid_from} zijn de bevindingen hier nog niet bewaard: laat de "
            f"beheerder eerst `python -m services.monitor rebuild` draaien, of kies een latere datum.",
            "#/validFrom",
        )
    event = await store.insert_learning_key(connection, key, cause)
    return await count_again(connection, key.valid_from, event, cause, thresholds)


async def _require_scored(connection: Connection, indicators: list[str]) -> None:
    unknown = await store.unknown_indicator(connection, indicators)
    if unknown is not None:
        raise Invalid(
            "unknown-indicator",
            f"Indicator {unknown['id']} bestaat niet.",
            f"#/mappings/{unknown['n'] - 1}/indicator",
        )
    other = await store.not_scored(connection, indicators)
    if other is not None:
        raise Invalid(
            "not-scored",
            f"Een dialoog geeft scores van 1 tot 5; indicator {other['id']} is geen gemiddelde daarvan "
            f"({other['measure']}, {other['unit']}).",
            f"#/mappings/{other['n'] - 1}/indicator",
        )


async def record_baseline(connection: Connection, fact: BaselineRecorded, cause: Cause) -> bool:
    """Record a fact of the baseline as its source states it."""
    await _require_areas(connection, fact.areas, "#/areas/{}")
    if fact.low_percent is not None and fact.high_percent is not None and fact.low_percent > fact.high_percent:
        raise Invalid("range-reversed", "lowPercent mag niet hoger zijn dan highPercent.", "#/lowPercent")
    return await store.insert_baseline_fact(connection, fact, cause)


async def _require_areas(connection: Connection, codes: Iterable[str], pointer: str) -> None:
    unknown = await store.unknown_area(connection, codes)
    if unknown is not None:
        raise Invalid("unknown-area", f"Gebied {unknown['id']} bestaat niet.", pointer.format(unknown["n"] - 1))
