"""The names that a service learns from others, and what a command may name of them."""

import pytest

from shared import directory
from shared.contracts import Contract
from shared.contracts.community import OrganisationChanged, OrganisationRegistered, OrganisationWithdrawn
from shared.contracts.vocabulary import OrganisationKind, RevisionReason
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
