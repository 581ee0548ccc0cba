"""The documentation says what the code does."""

import re
from pathlib import Path

import pytest

from deploy import documents

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("name", list(documents.files()))
def test_generated_files_do_not_drift(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == documents.files()[name], "run `make docs`"


def test_every_make_target_that_the_documents_name_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for document in ("README.md", "CONTRIBUTING.md", "deploy/README.md"):
        named = set(re.findall(r"`make ([a-z-]+)", (ROOT / document).read_text(encoding="utf-8")))
        assert named <= targets, document


def test_every_file_that_a_document_links_to_exists() -> None:
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "deploy").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_a_glossary_that_does_not_mark_its_word_lists_is_refused() -> None:
    with pytest.raises(ValueError, match="word lists"):
        documents.glossary("# Glossary")


def test_no_room_is_too_large() -> None:
    # A contestant of a benchmark may have its environment here.
    files = [p for folder in ("services", "shared", "deploy") for p in (ROOT / folder).rglob("*.py")]
    rooms = [p for p in files if ".venv" not in p.relative_to(ROOT).parts]
    large = {str(p.relative_to(ROOT)): n for p in rooms if (n := p.read_text(encoding="utf-8").count("\n")) > 320}
    assert large == {}
