"""What we hand out comes back through Excel, macOS, LibreOffice and e-mail as it was, or is refused with what is wrong.

A table of what they do, and any of it after the other: a row is what it was or is told, never another and never half.
"""

import string
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.monitor.observations.file.check import Checker
from services.monitor.observations.file.format import open_file
from services.monitor.observations.file.layout import COLUMNS, Unreadable, Wrong

from ..world import eenzaam, known, regie, text, vertrouwen, vrijwilligers
from .damages import CUTS, DAMAGES, SOMEWHERE

ALL = DAMAGES | CUTS
NO_DEVIATION = {"standaardafwijking": ""}
#: As an export is: see test_export.py. More than Excel's sixteen rows.
EXPORT = text(
    [
        *(regie(gebied="GM0794", periode=f"2024-{month:02}", **NO_DEVIATION) for month in range(1, 13)),
        regie(gebied="GM0772", periode="2023-07", indeling="2023", waarde="<1,2", n="50", **NO_DEVIATION),
        regie(gebied="GM1959", periode="2023-08", indeling="2023", waarde=">4,8", n="150", **NO_DEVIATION),
        vertrouwen(periode="2024-Q2", n="200"),
        vertrouwen(periode="2024-Q2", gebied="GM0772", verdeling="", n="20"),
        eenzaam(n="80"),
        eenzaam(gebied="GM0772", n="1200", noemer="12000", teller="4500"),
        vrijwilligers(teller="123456789012"),
        vrijwilligers(gebied="GM0772", noemer="50000"),
    ]
).encode()
#: As people make it: with the accent that the word has, and noughts.
PEOPLE = text(
    [
        regie(bron="enquête", waarde="3,10", n="0412"),
        regie(bron="enquête", gebied="GM0772", periode="2024"),
        eenzaam(waarde="45,0"),
        vertrouwen(gebied="GM1959"),
        vrijwilligers(),
    ]
).encode()


def read(content: bytes, folder: Path) -> tuple[Counter[str], list[Wrong]]:
    """What each good row says, without its line, and what is wrong."""
    path = folder / "rijen.csv"
    path.write_bytes(content)
    good: Counter[str] = Counter()
    wrong: list[Wrong] = []
    try:
        with open_file(path) as reader:
            checker = Checker(known(), reader)
            for line, row in filter(None, reader):
                copied = checker.check(line, row)
                if copied is None:
                    wrong += checker.wrong
                else:
                    good[copied.partition("\t")[2]] += 1
    except Unreadable as error:
        return Counter(), [Wrong(error.line, None, None, error.reason)]
    return good, wrong


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_file_comes_back_as_it_was_or_what_is_wrong_is_told(name: str, tmp_path: Path) -> None:
    damage = ALL[name]
    content = PEOPLE if damage.of_people else EXPORT
    came = damage.do(content)
    assert came != content, "it does nothing to this file"
    was, none = read(content, tmp_path)
    assert was and none == []
    good, wrong = read(came, tmp_path)
    if damage.unchanged:
        assert wrong == []
        assert good == was
    else:
        assert good <= was
        assert wrong
        assert damage.told is SOMEWHERE or {each.column for each in wrong} == set(damage.told)
        assert all(each.line >= 1 and each.reason for each in wrong)


def test_what_a_program_did_is_said_in_its_own_words(tmp_path: Path) -> None:
    def reasons(name: str) -> str:
        damage = ALL[name]
        return " ".join(each.reason for each in read(damage.do(PEOPLE if damage.of_people else EXPORT), tmp_path)[1])

    assert "hier stond 'enquête': het bestand is als Windows-1252 gelezen" in reasons(
        "UTF-8 read as Windows-1252 and saved"
    )
    assert "een rekenblad heeft dit getal afgekort" in reasons("Excel shortens long numbers")
    assert "een rekenblad heeft hier een datum van gemaakt" in reasons("Dutch Excel makes dates of months")
    assert "een rekenblad heeft hier een datum van gemaakt" in reasons("Excel turns dates around")
    assert "in tweeën gebroken" in reasons("rows wrapped at 52")
    assert "houdt op voor de laatste kolom" in reasons("cut off in the last row")


def test_one_bad_cell_costs_one_row(tmp_path: Path) -> None:
    was, _ = read(EXPORT, tmp_path)
    good, wrong = read(ALL["Excel shortens long numbers"].do(EXPORT), tmp_path)
    assert (len(wrong), (was - good).total()) == (1, 1)
    good, wrong = read(ALL["a line under the rows"].do(EXPORT), tmp_path)
    assert (len(wrong), good) == (1, was)


@pytest.mark.parametrize("cut", range(len(EXPORT) - 60, len(EXPORT) - 2))
def test_a_file_that_is_cut_off_anywhere_in_its_last_row_stores_no_half(cut: int, tmp_path: Path) -> None:
    was, _ = read(EXPORT, tmp_path)
    good, _ = read(EXPORT[:cut], tmp_path)
    assert good <= was


scores = st.integers(1_000, 5_000).map(lambda value: f"{value // 1000},{value % 1000:03}".rstrip("0").rstrip(","))
months = st.integers(1, 12).map(lambda month: f"2024-{month:02}")
rows = st.one_of(
    st.builds(
        lambda value, n, month: regie(waarde=value, n=str(n), periode=month), scores, st.integers(1, 10**12 - 1), months
    ),
    st.builds(
        lambda part, more, n: eenzaam(teller=str(part), noemer=str(part + more), n=n),
        st.integers(0, 10**9),
        st.integers(1, 10**9),
        st.sampled_from(["", "80", "1200"]),
    ),
    st.builds(lambda count: vrijwilligers(teller=str(count)), st.integers(0, 10**12 - 1)),
    st.lists(st.integers(1, 10**6), min_size=5, max_size=5).map(
        lambda counts: vertrouwen(verdeling="|".join(map(str, counts)), n=str(sum(counts)))
    ),
)
files = st.lists(rows, min_size=1, max_size=4, unique_by=lambda row: (row["indicator"], row["periode"])).map(
    lambda made: text(made).encode()
)
every = st.lists(st.sampled_from(sorted(DAMAGES)), min_size=1, max_size=4)


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files, every, st.sampled_from(["", *sorted(CUTS)]))
def test_one_damage_after_the_other_makes_no_other_row(
    tmp_path: Path, content: bytes, names: list[str], cut: str
) -> None:
    was, none = read(content, tmp_path)
    assert none == []
    for name in names:
        content = DAMAGES[name].do(content)
    if cut and b";;" in content:
        content = CUTS[cut].do(content)
    good, wrong = read(content, tmp_path)
    assert good <= was
    assert all(each.line >= 1 and each.reason for each in wrong)
    # An encoding loses what it has not: told then, and known by the table what else.
    if all(DAMAGES[name].unchanged and not DAMAGES[name].of_people for name in names) and not cut:
        assert (wrong, good) == ([], was)


def test_control_a_row_that_became_another_is_seen(tmp_path: Path) -> None:
    was, _ = read(EXPORT, tmp_path)
    good, wrong = read(EXPORT.replace(b"3,25", b"3,26"), tmp_path)
    assert wrong == []
    assert not good <= was


def test_what_we_hand_out_is_ascii_as_every_code_is() -> None:
    """So no encoding spoils it, and it needs no byte order mark, which would stand in the way of other readers."""
    assert EXPORT.isascii() and "".join(COLUMNS).isascii()
    assert set("".join(COLUMNS)) <= set(string.ascii_lowercase)
