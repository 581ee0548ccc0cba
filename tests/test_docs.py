"""The documentation says what the code does."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from deploy import documents
from shared.contracts import vocabulary

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("name", list(documents.pages()))
def test_generated_pages_do_not_drift(name: str) -> None:
    assert (documents.FOLDER / name).read_text(encoding="utf-8") == documents.pages()[name], "run `make docs`"


def test_every_make_target_that_the_documents_name_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for document in ("README.md", "CONTRIBUTING.md", "deploy/README.md"):
        named = set(re.findall(r"`make ([a-z-]+)", (ROOT / document).read_text(encoding="utf-8")))
        assert named <= targets, document


def test_every_file_that_a_document_links_to_exists() -> None:
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "deploy").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_the_glossary_has_every_english_word_of_the_vocabulary() -> None:
    glossary = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8").lower().replace("-", " ")
    # These are the programme's own words, or days.
    dutch = (vocabulary.DialogueTopic, vocabulary.Performance, vocabulary.BudgetPeriod)
    words = {
        word.value.replace("-", " ")
        for kind in vars(vocabulary).values()
        if isinstance(kind, type) and issubclass(kind, StrEnum) and kind not in (StrEnum, *dutch)
        for word in kind
    }
    assert len(words) > 50
    assert {word for word in words if not re.search(rf"\b{word}\b", glossary)} == set()


def test_no_room_is_too_large() -> None:
    # A contestant of a benchmark may have its environment here.
    files = [p for folder in ("services", "shared", "deploy") for p in (ROOT / folder).rglob("*.py")]
    rooms = [p for p in files if ".venv" not in p.relative_to(ROOT).parts]
    large = {str(p.relative_to(ROOT)): n for p in rooms if (n := p.read_text(encoding="utf-8").count("\n")) > 320}
    assert large == {}
