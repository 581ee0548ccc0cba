"""What is asked of the organisations."""

from shared.contracts.community import OrganisationRegistered
from shared.contracts.vocabulary import OrganisationKind
from shared.http.bodies import Body, ChangeBody, RevisionBody
from shared.http.fields import Id, OneLine


class _State(Body):
    name: OneLine
    kind: OrganisationKind

    def state(self, organisation: str) -> OrganisationRegistered:
        """What is to be known of an organisation."""
        return OrganisationRegistered(organisation=organisation, name=self.name, organisation_kind=self.kind)


class OrganisationBody(_State):
    """An organisation to register. `id` is made by the client, so that a retry is harmless."""

    id: Id

    def event(self) -> OrganisationRegistered:
        """The event of registering it."""
        return self.state(self.id)


class OrganisationCorrectionBody(_State, RevisionBody):
    """What an organisation is called and of which kind it is, and was from the start."""


class OrganisationChangeBody(_State, ChangeBody):
    """What an organisation is called and of which kind it is from a day on, today at the latest."""
