"""The recomputation itself: it says what it must of a small log, and sees one row that is off."""

from collections import Counter
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from tests.recomputation import Event, Tables, compare
from tests.recomputed_tables import ReadTables

OIN = "00000099000000001000"


def event(sequence: int, type_: str, key: str, topic: str = "community.dialogues", **data: Any) -> Event:
    """An event of the community, or of the monitor when the topic says so."""
    service = topic.partition(".")[0]
    stream = f"{service}-internal" if topic == "community.dialogue-findings" else service
    kind = type_.partition(".")[0]
    return Event(service, f"e{sequence}-{stream}", stream, topic, key, f"nl.veerkracht.{type_}.v1", f"{kind}/{key}",
                 sequence, data)  # fmt: skip


def area(sequence: int, code: str, level: str, parent: str | None) -> Event:
    return event(sequence, "area.registered", code, "monitor.areas", code=code, name=code.upper(), level=level,
                 parent=parent, validFrom="2016-01-01", validUntil=None)  # fmt: skip


@pytest.fixture
def said() -> ReadTables:
    """A place, an indicator, and two dialogues of which one is withdrawn."""
    shown: dict[str, Any] = {"municipality": "m", "organiser": "o", "initiative": None, "themes": ["verbinding"]}
    events = [
        area(1, "p", "province", None),
        area(2, "r", "region", "p"),
        area(3, "m", "municipality", "r"),
        event(4, "indicator.registered", "i", "monitor.indicators", code="i", nameNl="I", theme="verbinding"),
        event(5, "learning-key.published", "1", "monitor.indicators", version=1, validFrom="2017-01-01",
              mappings=[{"topic": "t", "indicator": "i"}]),
        *(event(n, "dialogue.held", f"d{n}", dialogue=f"d{n}", **shown) for n in (1, 2)),
        *(
            event(n, "dialogue.findings-recorded", f"d{n}", "community.dialogue-findings", dialogue=f"d{n}",
                  municipality="m", heldOn="2026-11-24", findings=[{"topic": "t", "scores": [0, 0, n, 0, 0]}])
            for n in (1, 2)
        ),
        event(3, "dialogue.withdrawn", "d2", dialogue="d2", **shown),
        event(3, "dialogue.findings-withdrawn", "d2", "community.dialogue-findings", dialogue="d2"),
    ]  # fmt: skip
    return ReadTables(events)


def test_a_withdrawn_dialogue_counts_nowhere(said: ReadTables) -> None:
    cells = said.cells()
    assert len(cells) == 2 * 3 * 3
    assert {period for _, _, _, period in cells} == {"2026-11", "2026-Q4", "2026"}
    assert set(map(tuple, cells.values())) == {(1, 1, 3, 9, 0, 0, 1, 0, 0, 1)}
    tables = said.tables(OIN)
    assert list(tables["monitor.contribution"]) == [("d1", 0)]
    first = '[{"topic": "t", "scores": [0, 0, 1, 0, 0]}]'
    assert tables["monitor.dialogue"] == {
        ("d1",): ("2026-11-24", False, "m", "e1-community-internal", first),
        ("d2",): ("2026-11-24", True, "m", "e2-community-internal", None),
    }


def test_a_neighbourhood_counts_when_it_lies_in_the_municipality(said: ReadTables) -> None:
    recorded = said.events[-4]
    inside = replace(recorded, data={**recorded.data, "neighbourhood": "b"})
    there = ReadTables([*said.events, area(9, "b", "neighbourhood", "m"), inside])
    assert {cell[2] for cell in there.cells()} == {"b", "m", "r", "p"}
    elsewhere = ReadTables([*said.events, area(9, "b", "neighbourhood", "x"), inside])
    assert {cell[2] for cell in elsewhere.cells()} == {"m", "r", "p"}


def test_the_highest_version_valid_on_the_day_counts(said: ReadTables) -> None:
    def key(version: int, since: str, indicator: str) -> Event:
        return event(5 + version, "learning-key.published", str(version), "monitor.indicators", version=version,
                     validFrom=since, mappings=[{"topic": "t", "indicator": indicator}])  # fmt: skip

    other = event(10, "indicator.registered", "j", "monitor.indicators", code="j", nameNl="J", theme="verbinding")
    later = ReadTables([*said.events, other, key(2, "2026-11-25", "j")])
    assert {cell[1] for cell in later.cells()} == {"i", "verbinding"}
    back = ReadTables([*later.events, key(3, "2018-01-01", "j")])
    assert {cell[1] for cell in back.cells()} == {"j", "verbinding"}


def test_news_raises_triggers_and_internal_events_are_in_no_feed(said: ReadTables) -> None:
    tables = said.tables(OIN)
    assert len(tables["community.activity"]) == 3
    assert Counter(row[-1] for row in tables["community.newsletter_trigger"].values()) == {False: 1, True: 1}
    assert {row[0] for row in tables["feeds.source"].values()} == {3, 5}
    assert tables["initiatives.directory"].keys() == {("province", "p"), ("region", "r"), ("municipality", "m")}


def test_the_same_is_no_difference(said: ReadTables) -> None:
    assert not compare(said.tables(OIN), deepcopy(said.tables(OIN)))
    assert not said.numbering()


@pytest.mark.parametrize("table", ["monitor.aggregate", "monitor.contribution", "community.activity", "feeds.event"])
def test_control_one_row_off_in_any_table_is_seen(said: ReadTables, table: str) -> None:
    def harmed(harm: Any) -> Tables:
        tables = deepcopy(said.tables(OIN))
        key = next(iter(tables[table]))
        harm(tables[table], key)
        return tables

    def count_twice(rows: Any, key: Any) -> None:
        rows[key] = (rows[key][0] + 1, *rows[key][1:])

    missing = compare(said.tables(OIN), harmed(lambda rows, key: rows.pop(key)))
    assert (missing.lost, missing.doubled) == (1, 0)
    twice = compare(said.tables(OIN), harmed(count_twice))
    assert (twice.lost, twice.doubled) == (0, 1)
    extra = compare(said.tables(OIN), harmed(lambda rows, key: rows.update({("new",): rows[key]})))
    assert (extra.lost, extra.doubled) == (0, 1)


def test_control_a_number_skipped_or_given_twice_is_seen(said: ReadTables) -> None:
    assert ReadTables(said.events[1:]).numbering().lost == 1
    assert ReadTables([*said.events, said.events[0]]).numbering().doubled > 0


def test_control_a_figure_told_twice_is_seen() -> None:
    def moved(sequence: int, before: int, after: int) -> Event:
        return event(sequence, "aggregate.moved", "a", "monitor.aggregates", aggregate="a", version=sequence, n=after,
                     mean=3.0, previousN=before or None, previousMean=3.0 if before else None)  # fmt: skip

    def differs(*moves: Event) -> bool:
        return bool(ReadTables(list(moves)).broken())

    assert not differs(moved(1, 0, 5), moved(2, 5, 9))
    assert differs(moved(1, 0, 5), moved(2, 9, 14))
    assert differs(moved(1, 0, 5), moved(2, 0, 9)), "as when what was public is forgotten by hand"
