"""The report says what was met, what was not, and what was left out."""

import json
from pathlib import Path

import pytest

from deploy.bench import report
from deploy.bench.freshness import latencies
from deploy.bench.paced import Paced
from deploy.bench.report import Report
from deploy.bench.section import Section, Target


def made(*targets: Target) -> Report:
    section = Section(
        "A drain", ("contestant", "events/s"), [("ours", 123_456.7), ("theirs", None)], ["Noted."], targets
    )
    return Report("2026-11-25 12:00 UTC", {"processor": "one"}, [section], {"sse": "needs a pipe | and a wheel"})


def test_a_report_names_what_was_met_and_what_was_left_out(tmp_path: Path) -> None:
    met, missed = Target("half", 0.4, 0.5, at_most=True), Target("share", 0.4, 0.45)
    unknown = Target("unseen", None, 1.0)
    report.write(made(met, missed, unknown), tmp_path)
    page = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert "| half | at most 0.5 | 0.4 | met |" in page
    assert "| share | at least 0.45 | 0.4 | **not met** |" in page
    assert "| unseen | at least 1 | - | not measured |" in page
    assert "| ours | 123,457 |" in page
    assert "- sse: needs a pipe | and a wheel" in page
    kept = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert [target["met"] for target in kept["targets"]] == [True, False, False]


def test_a_part_that_is_run_by_itself_takes_its_place_among_what_was_there(tmp_path: Path) -> None:
    first = Report("2026-11-25 12:00 UTC", {"commit": "abc", "log": "5 records"}, [], {})
    first.add([Section("Relay", ("a",), [[1]]), Section("Reads", ("a",), [[None]], ["Slow."], [Target("t", 1.5, 2)])])
    report.write(first, tmp_path)
    again = Report("2026-11-26 12:00 UTC", {"commit": "def", "log": "9 records"}, report.sections_in(tmp_path), {})
    again.add([Section("Relay", ("a",), [[2]]), Section("New", ("a",), [[3.5]])])
    report.write(again, tmp_path)
    assert [(section.title, section.rows, section.made) for section in report.sections_in(tmp_path)] == [
        ("Relay", [[2]], "2026-11-26 12:00 UTC, commit def, 9 records"),
        ("Reads", [[None]], "2026-11-25 12:00 UTC, commit abc, 5 records"),
        ("New", [[3.5]], "2026-11-26 12:00 UTC, commit def, 9 records"),
    ]
    assert again.sections[1].targets == [Target("t", 1.5, 2)]
    assert "2026-11-25 12:00 UTC, commit abc, 5 records." in (tmp_path / "RESULTS.md").read_text(encoding="utf-8")


def test_without_a_report_there_is_nothing_to_keep(tmp_path: Path) -> None:
    assert report.sections_in(tmp_path) == []


@pytest.mark.parametrize(("wrong", "failed"), [(0.0, False), (1.0, True), (None, True)])
def test_only_a_wrong_figure_fails_the_command(wrong: float | None, failed: bool) -> None:
    slow = Target("slow", 0.1, 0.5)
    assert made(slow, Target("wrong", wrong, 0, at_most=True, required=True)).failed is failed


def test_a_probe_that_never_arrived_counts_as_the_slowest() -> None:
    sent = [0.0, 3.0, 3.05, 3.1]
    seen = latencies(Paced(sent, 100.0), [(1, -1.0), (2, 0.1), (4, 3.25)])
    assert seen.latencies == pytest.approx((0.2, 0.25))
    assert seen.unseen == 1
    assert seen.quantile(0.99) is None
    assert seen.quantile(0.5) == pytest.approx(0.25)
