"""The monitor's registers: one command, one transaction. Each answers False when exactly this was there already."""

from collections.abc import Iterable

from shared import outbox
from shared.contracts.monitor import (
    AreaRegistered,
    AreasReorganised,
    BaselineRecorded,
    IndicatorRegistered,
    LearningKeyPublished,
)
from shared.contracts.refusals import Conflict, Invalid
from shared.contracts.vocabulary import AreaLevel
from shared.database import Connection
from shared.outbox import Draft
from shared.trace import Cause

from . import store

_ABOVE = {AreaLevel.MUNICIPALITY: AreaLevel.REGION, AreaLevel.REGION: AreaLevel.PROVINCE, AreaLevel.PROVINCE: None}


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


async def publish_learning_key(connection: Connection, key: LearningKeyPublished, cause: Cause) -> bool:
    """Publish the next version. It may not reach back over dialogues that were counted already."""
    if len({mapping.topic for mapping in key.mappings}) < len(key.mappings):
        raise Invalid("topic-twice", "Elk onderwerp mag één keer voorkomen.", "#/mappings")
    unknown = await store.unknown_indicator(connection, [mapping.indicator for mapping in key.mappings])
    if unknown is not None:
        raise Invalid(
            "unknown-indicator",
            f"Indicator {unknown['id']} bestaat niet.",
            f"#/mappings/{unknown['n'] - 1}/indicator",
        )
    await store.shut_out_folding(connection)
    version, valid_from = await store.latest_learning_key(connection)
    if key.version <= version:
        await outbox.require_repeat(connection, key)
        return False
    if key.version != version + 1:
        raise Conflict("version-skipped", f"De volgende versie is {version + 1}.", "#/version")
    held = await store.latest_held(connection)
    if valid_from is not None and key.valid_from <= valid_from:
        raise Conflict("not-after-previous", f"De vorige versie geldt vanaf {valid_from}: kies later.", "#/validFrom")
    if held is not None and key.valid_from <= held:
        raise Conflict(
            "already-counted", f"Dialogen tot en met {held} zijn al meegeteld: kies een latere datum.", "#/validFrom"
        )
    await store.insert_learning_key(connection, key)
    await outbox.append(connection, [Draft(key, cause)])
    return True


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
