"""Kinds of text: for programs by a pattern, for people by the one rule of `shared.text`."""

from typing import Annotated

from ...text import LONGEST_NAME, LONGEST_TEXT, clean_name, clean_text
from ...unit import clean_unit
from .written import Cleaned, Written, without_path

_LINE = r"^[^\x00-\x08\x0a-\x1f\x7f-\x9f]+$"
_LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+$"

#: A slug or a lowercase UUID.
Id = Annotated[
    str,
    Written(
        "id",
        r"^[a-z0-9][a-z0-9-]{0,63}$",
        "een kenmerk van 1 tot en met 64 kleine letters, cijfers en streepjes, dat niet met een streepje begint",
        "a-z0-9-",
    ),
]

#: Begins with a letter, so that it is never taken for a number or a day.
EditionId = Annotated[
    str,
    Written(
        "id",
        r"^[a-z][a-z0-9-]{0,63}$",
        "een kenmerk van 1 tot en met 64 kleine letters, cijfers en streepjes, dat met een letter begint",
        "a-z0-9-",
    ),
]

#: A code of Statistics Netherlands such as GM0794, or a slug.
AreaCode = Annotated[
    str,
    Written(
        "area-code",
        r"^[A-Za-z0-9][A-Za-z0-9-]{0,31}$",
        "een gebiedscode zoals GM0794: 1 tot en met 32 letters, cijfers en streepjes, niet met een streepje vooraan",
        "A-Za-z0-9-",
    ),
]

#: Whatever a list is filtered by: an id, an area's code, a theme.
Code = Annotated[
    str,
    Written(
        "code",
        r"^[A-Za-z0-9-]{1,64}$",
        "een code van 1 tot en met 64 letters, cijfers en streepjes",
        "A-Za-z0-9-",
    ),
]

#: The type of an event.
TypeName = Annotated[
    str,
    Written(
        "type-name",
        r"^[a-z0-9][a-z0-9.-]{0,127}$",
        "de naam van een soort gebeurtenis: 1 tot en met 128 kleine letters, cijfers, punten en streepjes",
        "a-z0-9.-",
    ),
]

#: What an event, a source or a subject is called: printable ASCII.
Token = Annotated[
    str,
    Written(
        "token",
        r"^[\x21-\x7e]{1,200}$",
        "een kenmerk van 1 tot en met 200 letters, cijfers en leestekens, zonder spaties",
        r"\x21-\x7e",
    ),
]

#: What a client calls an attempt: the same one again is the same command.
Key = Annotated[
    str,
    Written(
        "key",
        r"^[\x21-\x7e]{1,128}$",
        "een sleutel van 1 tot en met 128 letters, cijfers en leestekens, zonder spaties",
        r"\x21-\x7e",
    ),
]

#: A place in a list, as its `next` gave it.
CursorText = Annotated[
    str,
    Written("cursor", r"^[\x21-\x7e]{1,200}$", "de waarde van next van de vorige bladzijde", r"\x21-\x7e"),
]

#: A position in a log, as text.
Position = Annotated[
    str,
    Written("cursor", r"^[0-9]{1,18}$", "de waarde van next van de vorige bladzijde: 1 tot en met 18 cijfers", "0-9"),
]

#: One line, as people name things.
OneLine = Annotated[str, Cleaned("name", clean_name, LONGEST_NAME, _LINE)]

#: What values are in: a scale such as score-1-5, or the name of a thing.
Unit = Annotated[str, Cleaned("unit", clean_unit, LONGEST_NAME, _LINE)]

#: Text with line breaks.
Text = Annotated[str, Cleaned("text", clean_text, LONGEST_TEXT, _LINES)]

#: The name of a file, without a folder.
FileName = Annotated[str, Cleaned("file-name", without_path(clean_name), LONGEST_NAME, r"^[^\x00-\x1f\x7f-\x9f/\\]+$")]
