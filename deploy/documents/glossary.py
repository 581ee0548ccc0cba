"""The word lists of GLOSSARY.md, from those of the published language."""

import re

from shared.contracts import vocabulary
from shared.contracts.term import Term

#: Between these lines of GLOSSARY.md stand the word lists.
_BEGIN, _END = "<!-- word lists: made by `make docs` -->", "<!-- end of the word lists -->"


def glossary(text: str) -> str:
    """The glossary with its word lists made anew. Raises ValueError when it does not mark where they stand."""
    before, begin, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise ValueError("GLOSSARY.md does not mark where its word lists stand")
    lines = ["| in the code | in the interface | what it is | its words |", "|---|---|---|---|"]
    for terms in word_lists():
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", terms.__name__).lower()
        words = ", ".join(f"`{term}` {term.dutch}" for term in terms)
        lines.append(f"| {name} | {terms.list_name} | {terms.list_meaning} | {words} |")
    return "\n".join((before + begin, *lines, end + after))


def word_lists() -> list[type[Term]]:
    """The word lists of the published language, in the order of their file."""
    found = (item for item in vars(vocabulary).values() if isinstance(item, type) and issubclass(item, Term))
    return [item for item in found if item is not Term]
