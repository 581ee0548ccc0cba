"""Writes what was measured: RESULTS.md for people, results.json for programs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from .section import Cell, Section, Target


@dataclass(frozen=True)
class Report:
    """Everything of one run. `left_out` says of each benchmark that did not run, why."""

    made: str
    about: Mapping[str, str]
    sections: list[Section]
    left_out: dict[str, str]

    @property
    def targets(self) -> list[Target]:
        """All targets, in order."""
        return [target for section in self.sections for target in section.targets]

    @property
    def failed(self) -> bool:
        """Whether a figure was wrong."""
        return any(target.required and not target.met for target in self.targets)


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
        f"Made by `make bench` on {report.made}. Ratios within this run count, absolute figures do not.",
        _table(("what", "here"), list(report.about.items())),
    ]
    if report.targets:
        parts += ["## Targets", _table(("target", "asked", "measured", ""), [_target(t) for t in report.targets])]
    for section in report.sections:
        parts += [f"## {section.title}", _table(section.columns, section.rows)]
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
