"""Request bodies of methods, and the events they ask for."""

from shared.contracts.monitor import MethodRegistered
from shared.http.bodies import Body, RevisionBody
from shared.http.fields import Id, OneLine


class MethodBody(Body):
    """How observations are measured: the code that files name it by, and its name in Dutch."""

    code: Id
    name: OneLine

    def event(self) -> MethodRegistered:
        """What registering it says."""
        return MethodRegistered(code=self.code, name=self.name)


class MethodCorrectionBody(RevisionBody):
    """What a method is called, and was from the start."""

    name: OneLine

    def state(self, code: str) -> MethodRegistered:
        """What is to be known of it."""
        return MethodRegistered(code=code, name=self.name)
