"""Request body of an edition, and what it asks for."""

from shared.http.bodies import Body
from shared.http.fields import EditionId, Moment, OneLine, PublicationNumber

from .edition import WantedEdition


class EditionBody(Body):
    """An edition to be. Cut at a publication, or at the newest one at a moment; without either at the newest of all.

    Publication 0 is before the first: the baseline, and no figure of ours.
    """

    id: EditionId
    title: OneLine
    publication: PublicationNumber | None = None
    at: Moment | None = None

    def wanted(self) -> WantedEdition:
        """What is to be published."""
        return WantedEdition(self.id, self.title, self.publication, self.at)
