"""The ways a command can be refused. Details are Dutch sentences for people; codes are for programs."""


class Refused(Exception):
    """A command was refused and nothing was stored.

    `code` is stable and kebab-case, `detail` a Dutch sentence that says what, where and what was expected,
    `pointer` a JSON pointer to the field at fault, when there is one.

    Seen by: who asks, as a problem or a Dutch page. Ends: the command; its transaction is rolled back.
    """

    def __init__(self, code: str, detail: str, pointer: str | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.pointer = pointer


class Invalid(Refused):
    """The command can never be right: 400.

    Seen by: who asks; sending it again is of no use. Ends: the command.
    """


class NotFound(Refused):
    """What the command is about does not exist: 404.

    Seen by: who asks. Ends: the command or the question.
    """


class Conflict(Refused):
    """The command does not fit the present state: 409.

    Seen by: who asks; it may fit later. Ends: the command.
    """
