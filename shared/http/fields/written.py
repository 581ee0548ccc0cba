"""What kinds are made of: how a short text is written, and how a text of people is cleaned. Each names its kind."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from ...text import UnfitText

#: The error of a text that is not written as its kind is.
NOT_AS_WRITTEN = "not_as_written"


@dataclass(frozen=True, slots=True)
class Written:
    """A short text for programs, by its pattern: an id, a code, a period. `expected` says it in Dutch.

    `allowed` are the characters it has, as a class of a regular expression, to tell which one does not belong.
    """

    kind: str
    pattern: str
    expected: str
    allowed: str

    def __get_pydantic_core_schema__(self, _: object, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.custom_error_schema(
            core_schema.str_schema(pattern=self.pattern, strict=True),
            NOT_AS_WRITTEN,
            custom_error_message=self.expected,
            custom_error_context={"expected_text": self.expected, "allowed": self.allowed},
        )

    def __get_pydantic_json_schema__(self, _: CoreSchema, __: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "pattern": self.pattern, "x-kind": self.kind}


def said_of(text: object, expected: str, allowed: str) -> str:
    """What is wrong with a text that is not written as its kind is, at which character, in Dutch."""
    if isinstance(text, str):
        for place, character in enumerate(text):
            if not re.fullmatch(f"[{allowed}]", character, re.ASCII):
                shown = f"“{character}”" if character.isprintable() else f"U+{ord(character):04X}"
                return f"teken {place + 1} ({shown}) hoort hier niet: hier hoort {expected}"
    return f"hier hoort {expected}"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text of people, kept as `clean` gives it, which raises UnfitText."""

    kind: str
    clean: Callable[[str], str]
    longest: int
    pattern: str

    def __get_pydantic_core_schema__(self, _: object, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.clean, core_schema.str_schema(strict=True))

    def __get_pydantic_json_schema__(self, _: CoreSchema, __: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {
            "type": "string",
            "minLength": 1,
            "maxLength": self.longest,
            "pattern": self.pattern,
            "x-kind": self.kind,
        }


def without_path(clean: Callable[[str], str]) -> Callable[[str], str]:
    """The same for the name of a file: not a path."""

    def name(text: str) -> str:
        for place, character in enumerate(text):
            if character in "/\\":
                raise UnfitText(
                    f"teken {place + 1} (“{character}”) hoort niet in een bestandsnaam: hier hoort de naam "
                    f"van een bestand, zonder map"
                )
        return clean(text)

    return name
