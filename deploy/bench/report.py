"""Writes what was measured: RESULTS.md for people, results.json for programs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import msgspec

from .section import Cell, Section, Target


@dataclass(frozen=True)
class Report:
    """Everything of one run, with what was kept of earlier ones. `left_out` says why a benchmark did not run."""

    made: str
    about: Mapping[str, str]
    sections: list[Section]
    left_out: dict[str, str]

    def add(self, found: Iterable[Section]) -> None:
        """Each takes the place of an earlier one of its title."""
        made = f"{self.made}, commit {self.about.get('commit')}, {self.about.get('log')}"
        for section in found:
            place = next((n for n, old in enumerate(self.sections) if old.title == section.title), len(self.sections))
            self.sections[place : place + 1] = [replace(section, made=made)]

    @property
    def targets(self) -> list[Target]:
        """All targets, in order."""
        return [target for section in self.sections for target in section.targets]

    @property
    def failed(self) -> bool:
        """Whether a figure was wrong."""
        return any(target.required and not target.met for target in self.targets)


def sections_in(folder: Path) -> list[Section]:
    """Those of the report in a folder, none without one."""
    file = folder / "results.json"
    if not file.exists():
        return []
    return msgspec.convert(json.loads(file.read_text(encoding="utf-8"))["sections"], list[Section])


def write(report: Report, folder: Path) -> None:
    """Replace both files in a folder."""
    (folder / "RESULTS.md").write_text(markdown(report), encoding="utf-8")
    met = [{**asdict(target), "met": target.met} for target in report.targets]
    whole = {**asdict(report), "targets": met}
    (folder / "results.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


def markdown(report: Report) -> str:
    """The report as a page."""
    parts = [
        "# Results",
        f"Made by `make bench` on {report.made}. Ratios within a section count, absolute figures do not.",
        _table(("what", "here"), list(report.about.items())),
    ]
    if report.targets:
        parts += ["## Targets", _table(("target", "asked", "measured", ""), [_target(t) for t in report.targets])]
    for section in report.sections:
        parts += [f"## {section.title}", f"{section.made}."] if section.made else [f"## {section.title}"]
        parts += [_table(section.columns, section.rows)]
        parts += ["\n".join(f"- {note}" for note in section.notes)] if section.notes else []
    if report.left_out:
        parts += ["## Left out", "\n".join(f"- {name}: {why}" for name, why in report.left_out.items())]
    return "\n\n".join(parts) + "\n"


def _target(target: Target) -> tuple[Cell, ...]:
    asked = f"at {'most' if target.at_most else 'least'} {show(target.bound)}"
    verdict = "not measured" if target.value is None else "met" if target.met else "**not met**"
    return target.text, asked, target.value, verdict


def _table(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    lines = [columns, ["---"] * len(columns), *([show(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def show(cell: Cell) -> str:
    """A cell as text: three significant digits, and whole numbers with their thousands apart."""
    if cell is None:
        return "-"
    if isinstance(cell, str):
        return " ".join(cell.split()).replace("|", "\\|")
    if isinstance(cell, float) and abs(cell) < 100:
        return f"{cell:.3g}"
    return f"{cell:,.0f}"
