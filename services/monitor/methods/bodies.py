"""Request body of a method, and the event it asks for."""

from shared.contracts.monitor import MethodRegistered
from shared.http.bodies import Body
from shared.http.fields import Id, OneLine


class MethodBody(Body):
    """How observations are measured: the code that files name it by, and its name in Dutch."""

    code: Id
    name: OneLine

    def event(self) -> MethodRegistered:
        """What registering it says."""
        return MethodRegistered(code=self.code, name=self.name)
