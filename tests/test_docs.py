"""The documentation says what the code does."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from deploy.documents.generated import files
from deploy.documents.glossary import glossary

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("name", list(files()))
def test_generated_files_do_not_drift(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == files()[name], "run `make docs`"


DOCUMENTS = sorted([*ROOT.glob("*.md"), ROOT / "deploy" / "README.md", *(ROOT / "docs").rglob("*.md")])
CHECKLISTS = [path for path in DOCUMENTS if path.parent.name in ("how-to", "decisions")]
TOP_FILES = (
    "docker-compose.yml",
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "GLOSSARY.md",
    "pyproject.toml",
    ".ci/run",
)
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def named(document: Path) -> list[str]:
    """What a document names as code."""
    return re.findall(r"(?<!`)`([^`\n]+)`(?!`)", document.read_text(encoding="utf-8"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_target_that_a_document_names_exists(document: Path) -> None:
    assert {name.split()[1] for name in named(document) if name.startswith("make ")} <= TARGETS


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_document_links_to_exists(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def exists(path: str) -> bool:
    """Whether there is such a file or folder; `<service>` and the like stand for any."""
    return bool(list(ROOT.glob(re.sub(r"<[^>]+>", "*", path).rstrip("/"))))


@pytest.mark.parametrize("document", CHECKLISTS, ids=lambda path: path.stem)
def test_every_path_and_module_that_a_checklist_or_a_decision_names_exists(document: Path) -> None:
    top = ("services/", "shared/", "tests/", "deploy/", "docs/")
    paths = {name for name in named(document) if name.startswith(top) or name.removesuffix("/") in TOP_FILES}
    assert {path for path in paths if not exists(path)} == set()
    modules = {name.split()[2] for name in named(document) if name.startswith("python -m ")}
    assert {module for module in modules if find_spec(module) is None} == set()


def test_control_a_path_that_is_not_there_is_seen() -> None:
    assert exists("services/<service>/app.py")
    assert not exists("services/<service>/no-such-file.py")


def test_a_glossary_that_does_not_mark_its_word_lists_is_refused() -> None:
    with pytest.raises(ValueError, match="word lists"):
        glossary("# Glossary")
