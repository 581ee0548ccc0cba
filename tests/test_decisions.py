"""Decisions are in one form, so that the sentence that was decided is found at once, and what superseded it too."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
_SECTIONS = ("Status", "Context", "Decision", "Consequences", "Alternatives")


def section(text: str, name: str) -> str:
    """The paragraph that a section of a decision begins with."""
    (found,) = re.findall(rf"^\*\*{name}\.\*\* (.+?)\n(?:\n|\Z)", text + "\n", re.MULTILINE | re.DOTALL)
    return " ".join(found.split())


def form_of(text: str) -> list[str]:
    """What is wrong with the form of a decision."""
    wrong = []
    leads = [lead for lead in re.findall(r"^\*\*(\w+)\.\*\* ", text, re.MULTILINE) if lead in _SECTIONS]
    if leads != list(_SECTIONS):
        wrong.append(f"its sections are {leads}")
    elif re.search(r"[.!?]\s", section(text, "Decision")) or not section(text, "Decision").endswith("."):
        wrong.append("its decision is not one sentence")
    if not re.search(
        r"^\*\*Status\.\*\* (Accepted \d{4}-\d\d-\d\d|Superseded by \[record \d+\]\([\w.-]+\))\.", text, re.MULTILINE
    ):
        wrong.append("its status is neither accepted on a day nor superseded by another")
    return wrong


@pytest.mark.parametrize("record", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_the_form_of_all(record: Path) -> None:
    text = record.read_text(encoding="utf-8")
    assert text.startswith(f"# {int(record.name[:4])}. ")
    assert form_of(text) == []


def test_decisions_are_numbered_one_by_one() -> None:
    assert [int(record.name[:4]) for record in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def superseding(records: Mapping[str, str]) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Which record supersedes which: as the later ones say, and as the earlier ones say."""
    later = {
        (name, old)
        for name, text in records.items()
        for old in re.findall(r"[Ss]upersedes \[record \d+\]\(([\w.-]+)\)", text)
    }
    earlier = {
        (new, name)
        for name, text in records.items()
        for new in re.findall(r"Superseded by \[record \d+\]\(([\w.-]+)\)", text)
    }
    return later, earlier


def test_what_supersedes_says_so_both_ways() -> None:
    later, earlier = superseding({record.name: record.read_text(encoding="utf-8") for record in DECISIONS})
    assert later == earlier


def test_control_a_decision_of_another_form_and_a_link_one_way_are_seen() -> None:
    good = """**Status.** Accepted 2026-11-28.

**Context.** It is so.

**Decision.** We do `a.b`, always.

**Consequences.** This.

**Alternatives.** That.
"""
    assert form_of(good) == []
    assert form_of(good.replace("always.", "always. And never.")) == ["its decision is not one sentence"]
    assert form_of(good.replace("Accepted", "Proposed")) != []
    assert form_of(good.replace("**Context.** It is so.\n\n", "")) != []
    later, earlier = superseding({"2.md": "Supersedes [record 1](1.md)", "1.md": "**Status.** Accepted 2026-11-28."})
    assert later != earlier
