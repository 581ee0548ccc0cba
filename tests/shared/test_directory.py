"""The names that a service learns from others, and what a command may name of them."""

from datetime import date

import pytest
from msgspec import structs

from shared import directory
from shared.contracts import Contract
from shared.contracts.community import OrganisationChanged, OrganisationRegistered, OrganisationWithdrawn
from shared.contracts.monitor import AreaChanged, AreaCorrected, AreaRegistered, AreaWithdrawn
from shared.contracts.vocabulary import AreaLevel, OrganisationKind, RevisionReason
from shared.database import Connection
from shared.directory import Reference
from shared.projections.watermarks import Partition
from shared.refusals import Invalid

from ..records import NOW, apply_run, cloud_event, run

LOG = Partition("community.organisations", 0)
DIRECTORY = directory.projection(LOG.topic)
PON = OrganisationRegistered(organisation="pon", name="PON", organisation_kind=OrganisationKind.KNOWLEDGE)
TELOS = OrganisationRegistered(organisation="pon", name="Telos", organisation_kind=OrganisationKind.KNOWLEDGE)
CHANGED = OrganisationChanged.to(TELOS, 2, RevisionReason.DECISION, "e", since=NOW.date())
WITHDRAWN = OrganisationWithdrawn.to(TELOS, 3, RevisionReason.ENDED, "f")
NAMED = Reference("organisation", ["pon"], "#/partners/{}")


async def fold(connection: Connection, *events: Contract) -> None:
    await apply_run(connection, DIRECTORY, LOG, run(*map(cloud_event, events)), NOW)


async def test_the_last_word_on_a_thing_is_its_name(monitor_connection: Connection) -> None:
    await fold(monitor_connection, PON, CHANGED)
    assert await directory.names(monitor_connection, "organisation") == {"pon": "Telos"}
    await directory.require(monitor_connection, NAMED)


async def test_what_is_withdrawn_keeps_its_name_and_nothing_new_may_name_it(monitor_connection: Connection) -> None:
    await fold(monitor_connection, PON, CHANGED, WITHDRAWN)
    assert await directory.names(monitor_connection, "organisation") == {"pon": "Telos"}
    with pytest.raises(Invalid) as refusal:
        await directory.require(monitor_connection, NAMED)
    assert (refusal.value.code, refusal.value.pointer) == ("unknown-organisation", "#/partners/0")


HELMOND = AreaRegistered(
    code="GM0794",
    name="Helmond",
    level=AreaLevel.MUNICIPALITY,
    parent="zuidoost-brabant",
    valid_from=date(2016, 1, 1),
    valid_until=None,
)
END = date(2027, 1, 1)
ENDED = AreaChanged.to(structs.replace(HELMOND, valid_until=END), 2, RevisionReason.ENDED, "e", since=END)


async def test_a_municipality_that_ends_is_there_until_that_day(monitor_connection: Connection) -> None:
    def on(day: date) -> Reference:
        return Reference("municipality", ["GM0794"], "#/municipality", on=day)

    await fold(monitor_connection, HELMOND)
    await directory.require(monitor_connection, on(END))
    await apply_run(monitor_connection, DIRECTORY, LOG, run(cloud_event(ENDED), start=1), NOW)
    await directory.require(monitor_connection, on(date(2026, 12, 31)))
    with pytest.raises(Invalid) as refusal:
        await directory.require(monitor_connection, on(END))
    assert (refusal.value.code, refusal.value.pointer) == ("unknown-municipality", "#/municipality")


async def test_an_area_is_called_and_lies_as_last_said_and_is_gone_when_withdrawn(
    monitor_connection: Connection,
) -> None:
    moved = structs.replace(HELMOND, name="Groot-Helmond", parent="noordoost-brabant")
    corrected = AreaCorrected.to(moved, 2, RevisionReason.SOURCE, "e")
    await fold(monitor_connection, HELMOND, corrected)
    row = await monitor_connection.fetchrow("SELECT kind, name, parent FROM directory")
    assert row is not None and tuple(row) == ("municipality", "Groot-Helmond", "noordoost-brabant")
    withdrawn = AreaWithdrawn.to(moved, 3, RevisionReason.DUPLICATE, "f")
    await apply_run(monitor_connection, DIRECTORY, LOG, run(cloud_event(withdrawn), start=2), NOW)
    with pytest.raises(Invalid):
        await directory.require(monitor_connection, Reference("municipality", ["GM0794"], "#/municipality"))
