"""What may be said next of a registered thing."""

from datetime import date

import pytest

from shared.contracts import CONTRACTS, Contract
from shared.contracts.community import (
    OrganisationChanged,
    OrganisationCorrected,
    OrganisationRegistered,
    OrganisationWithdrawn,
)
from shared.contracts.revision import Revision, state_of
from shared.contracts.vocabulary import OrganisationKind, RevisionReason
from shared.refusals import Conflict
from shared.revisions import Grounds, Said, revise

from ..records import NOW

PON = OrganisationRegistered(organisation="pon", name="PON", organisation_kind=OrganisationKind.KNOWLEDGE)
TELOS = OrganisationRegistered(organisation="pon", name="Telos", organisation_kind=OrganisationKind.KNOWLEDGE)
DAY = date(2026, 11, 1)


def said(*events: Contract) -> list[Said]:
    return [Said(f"e-{n}", event, NOW) for n, event in enumerate(events, 1)]


def grounds(version: int, reason: RevisionReason = RevisionReason.MISTAKE) -> Grounds:
    return Grounds(version, reason)


CORRECTED = OrganisationCorrected.to(TELOS, 2, RevisionReason.MISTAKE, "e-1")
CHANGED = OrganisationChanged.to(TELOS, 2, RevisionReason.DECISION, "e-1", since=DAY)
WITHDRAWN = OrganisationWithdrawn.to(PON, 2, RevisionReason.ENDED, "e-1")


def test_a_revision_has_the_whole_state_the_next_version_and_what_it_replaces() -> None:
    assert revise(said(PON), OrganisationCorrected, grounds(1), TELOS) == CORRECTED
    later = revise(said(PON, CORRECTED), OrganisationChanged, grounds(2), PON, since=DAY)
    assert later == OrganisationChanged.to(PON, 3, RevisionReason.MISTAKE, "e-2", since=DAY)
    gone = revise(said(PON, CORRECTED), OrganisationWithdrawn, grounds(2))
    assert gone == OrganisationWithdrawn.to(TELOS, 3, RevisionReason.MISTAKE, "e-2")


@pytest.mark.parametrize("version", [1, 2, 3])
def test_what_is_there_already_is_not_said_again_whatever_version_was_looked_at(version: int) -> None:
    assert revise(said(PON, CORRECTED), OrganisationCorrected, grounds(version), TELOS) is None
    assert revise(said(PON, CHANGED), OrganisationChanged, grounds(version), TELOS, since=DAY) is None
    assert revise(said(PON, WITHDRAWN), OrganisationWithdrawn, grounds(version)) is None


def test_the_same_state_from_another_day_is_something_else() -> None:
    assert revise(said(PON), OrganisationChanged, grounds(1), PON, since=DAY) is not None
    later = date(2026, 11, 2)
    assert revise(said(PON, CHANGED), OrganisationChanged, grounds(2), TELOS, since=later) is not None


def refused(code: str, pointer: str | None, *events: Contract, version: int, since: date | None = None) -> None:
    with pytest.raises(Conflict) as refusal:
        if since is None:
            revise(said(*events), OrganisationCorrected, grounds(version), PON)
        else:
            revise(said(*events), OrganisationChanged, grounds(version), PON, since=since)
    assert (refusal.value.code, refusal.value.pointer) == (code, pointer)


def test_what_was_decided_on_another_version_is_refused() -> None:
    refused("changed-meanwhile", "#/version", PON, CORRECTED, version=1)
    refused("changed-meanwhile", "#/version", PON, CORRECTED, version=3)


def test_what_is_withdrawn_stays_so() -> None:
    refused("withdrawn", None, PON, WITHDRAWN, version=2)


def test_changes_come_in_the_order_of_their_days() -> None:
    refused("changed-later", "#/from", PON, CHANGED, version=2, since=date(2026, 10, 31))
    assert revise(said(PON, CHANGED), OrganisationChanged, grounds(2), PON, since=DAY) is not None


REVISIONS = [contract for contract in CONTRACTS.values() if issubclass(contract, Revision)]


@pytest.mark.parametrize("contract", REVISIONS, ids=lambda contract: contract.type)
def test_every_revision_has_the_whole_state_of_what_it_revises(contract: type[Revision]) -> None:
    """So that whoever reads the last event of a thing knows all of it, under the names of the first."""
    own = {contract.renamed.get(name, name) for name in contract.revises.__struct_fields__}
    how = {"version", "reason", "replaces", "since"}
    assert set(contract.__struct_fields__) - how == own
    assert (contract.topic, contract.kind) == (contract.revises.topic, contract.revises.kind)
    assert contract.type.split(".")[-2].split("-")[-1] in ("corrected", "changed", "withdrawn")


@pytest.mark.parametrize("revision", [CORRECTED, CHANGED, WITHDRAWN])
def test_the_state_of_a_revision_is_as_if_it_had_been_registered_so(revision: Revision) -> None:
    assert state_of(revision) == (PON if revision is WITHDRAWN else TELOS)
