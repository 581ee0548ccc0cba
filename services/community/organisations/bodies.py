"""What is asked of the organisations."""

from shared.contracts.community import OrganisationRegistered
from shared.contracts.vocabulary import OrganisationKind
from shared.http.bodies import Body
from shared.http.fields import Id, OneLine


class OrganisationBody(Body):
    """An organisation to register. `id` is made by the client, so that a retry is harmless."""

    id: Id
    name: OneLine
    kind: OrganisationKind

    def event(self) -> OrganisationRegistered:
        """The event of registering it."""
        return OrganisationRegistered(organisation=self.id, name=self.name, organisation_kind=self.kind)
