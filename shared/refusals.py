"""The ways a command can be refused. Details are Dutch sentences for people; codes are for programs."""


class Refused(Exception):
    """A command was refused and nothing was stored.

    `code` is stable and kebab-case, `detail` a Dutch sentence that says what, where and what was expected,
    `pointer` a JSON pointer to the field at fault, when there is one.
    """

    def __init__(self, code: str, detail: str, pointer: str | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.pointer = pointer


class Invalid(Refused):
    """The command can never be right: 400."""


class NotFound(Refused):
    """What the command is about does not exist: 404."""


class Conflict(Refused):
    """The command does not fit the present state: 409."""
