"""The base of every word list: closed, and each word with its Dutch."""

import inspect
from enum import StrEnum
from typing import ClassVar, Self


class Term(StrEnum):
    """A word of a closed list: in English to machines, in Dutch to people.

    The list has a name in Dutch and a meaning for the glossary: its docstring, or `meaning` where the published
    schemas, which carry docstrings, do not explain the list.
    """

    #: As it stands within a sentence.
    dutch: str
    #: What the list is called.
    list_name: ClassVar[str]
    #: What the list is for, as the glossary has it.
    list_meaning: ClassVar[str]

    def __init_subclass__(cls, *, dutch: str, meaning: str = "") -> None:
        super().__init_subclass__()
        cls.list_name = dutch
        cls.list_meaning = meaning or inspect.cleandoc(cls.__doc__ or "")

    def __new__(cls, value: str, dutch: str = "") -> Self:
        # Optional for type checkers only, which see `Phase("running")` as a call of this.
        if not dutch:
            raise TypeError(f"{value!r} has no Dutch")
        term = str.__new__(cls, value)
        term._value_ = value
        term.dutch = dutch
        return term

    @property
    def label(self) -> str:
        """As it stands by itself: with a capital."""
        return self.dutch[:1].upper() + self.dutch[1:]
