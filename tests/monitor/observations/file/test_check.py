"""Everything that can be wrong with a row, each with its place, its value and what was expected."""

from pathlib import Path

import pytest

from services.monitor.observations.file.check import Checker
from services.monitor.observations.file.csv_file import CsvFile
from services.monitor.observations.file.layout import COLUMNS, Unreadable

from ..world import eenzaam, known, regie, text, vertrouwen, vrijwilligers, write


def checked(path: Path) -> tuple[list[str], list[tuple[int, str | None, str | None, str]]]:
    """Lines of COPY, and all that is wrong."""
    good, wrong = [], []
    with CsvFile(path) as reader:
        checker = Checker(known(), reader)
        for line, row in filter(None, reader):
            copied = checker.check(line, row)
            if copied is None:
                wrong += [(each.line, each.column, each.value, each.reason) for each in checker.wrong]
            else:
                good.append(copied)
    return good, wrong


Case = tuple[dict[str, str], str, str]
CASES: dict[str, Case] = {
    "an unknown indicator": (regie(indicator="geluk"), "indicator", "deze indicator is er niet"),
    "an unknown area": (regie(gebied="GM9999"), "gebied", "dit gebied is er niet: hier hoort een code zoals GM0794"),
    "an area that is not of that division": (
        regie(gebied="GM0738"),
        "gebied",
        "dit gebied is er niet in de indeling van 2024: het bestaat vanaf 2016-01-01 tot 2019-01-01",
    ),
    "an area that was not there in the period": (
        regie(gebied="GM1959", versie="1", periode="2018", indeling="2019"),
        "gebied",
        "dit gebied was er niet in 2018: het bestaat vanaf 2019-01-01. "
        "Lever cijfers in de indeling van hun periode: de monitor rekent ze zelf om",
    ),
    "an area that was other land in the period": (
        regie(gebied="GM0757", periode="2020", indeling="2021"),
        "indeling",
        "niet herberekenbaar: Haaren is op 1 januari 2021 verdeeld over Boxtel en Vught. "
        "Lever cijfers in de indeling van hun periode: de monitor rekent ze zelf om",
    ),
    "no year of a division": (
        regie(indeling="nu"),
        "indeling",
        "hier hoort het jaar van de gemeentelijke indeling, zoals 2019",
    ),
    "a version that is not valid in the period": (
        regie(versie="1"),
        "versie",
        "deze versie geldt tot 2019-01-01, en dus niet in deze periode",
    ),
    "a version before its time": (
        regie(versie="2", periode="2018", indeling="2018"),
        "versie",
        "deze versie geldt vanaf 2019-01-01, en dus niet in deze periode",
    ),
    "an unknown version": (regie(versie="3"), "versie", "deze versie van regie is er niet: kies uit 1, 2"),
    "no version": (regie(versie=""), "versie", "deze versie van regie is er niet: kies uit 1, 2"),
    "a numerator above its denominator": (
        eenzaam(teller="1001"),
        "teller",
        "de teller is groter dan de noemer (1000): een aandeel boven 100%",
    ),
    "a count above what it is counted in": (
        vrijwilligers(noemer="1000"),
        "teller",
        "de teller is groter dan de noemer (1000)",
    ),
    "a share above 100%": (eenzaam(waarde="145"), "waarde", "een aandeel is hoogstens 100 (procent)"),
    "a share that does not tie": (
        eenzaam(waarde="46"),
        "waarde",
        "dit is niet het percentage van 450 op 1000: laat het leeg of verbeter het",
    ),
    "no n": (regie(n=""), "n", "dit ontbreekt: hier hoort een geheel getal, alleen cijfers"),
    "an n of nothing": (regie(n="0"), "n", "hier hoort minstens 1"),
    "an n with decimals": (regie(n="4,5"), "n", "hier hoort een geheel getal, zonder cijfers achter de komma"),
    "an n with a thousands separator": (
        regie(n="1.200"),
        "n",
        "schrijf het zonder punten, komma's of spaties tussen de duizendtallen",
    ),
    "a wrong decimal mark": (
        regie(waarde="3.5"),
        "waarde",
        "schrijf een komma voor de decimalen, want dit bestand heeft puntkomma's tussen de kolommen",
    ),
    "too many decimals": (regie(waarde="3,1234567"), "waarde", "rond af: hoogstens 6 cijfers achter de komma"),
    "a percent sign": (eenzaam(waarde="45%"), "waarde", "laat het procentteken weg"),
    "a word for a number": (regie(waarde="veel"), "waarde", "dit is geen getal: hier hoort een getal zoals 3,5"),
    "digits that are not ASCII": (regie(n="٤٢"), "n", "dit is geen getal: hier hoort een geheel getal, alleen cijfers"),
    "a number that is too large": (regie(n="1234567890123"), "n", "dit getal is te groot: hoogstens 12 cijfers"),
    "a negative n": (regie(n="-4"), "n", "een negatief getal kan hier niet"),
    "a negative value": (regie(waarde="-3,5"), "waarde", "een negatief getal kan hier niet"),
    "a negative deviation": (
        regie(standaardafwijking="-0,1"),
        "standaardafwijking",
        "een negatief getal kan hier niet",
    ),
    "a value off the scale": (regie(waarde="5,01"), "waarde", "regie loopt van 1 tot en met 5"),
    "a deviation wider than the scale": (
        regie(standaardafwijking="4,1"),
        "standaardafwijking",
        "dit kan hoogstens 4 zijn",
    ),
    "a period that is none": (
        regie(periode="2024-13"),
        "periode",
        "hier hoort een jaar, kwartaal of maand: 2019, 2019-Q1 of 2019-03",
    ),
    "a period to come": (regie(periode="2026-12"), "periode", "deze periode moet nog beginnen"),
    "a period before the area": (
        regie(versie="1", periode="2015", indeling="2016"),
        "gebied",
        "dit gebied was er niet in 2015: het bestaat vanaf 2016-01-01. "
        "Lever cijfers in de indeling van hun periode: de monitor rekent ze zelf om",
    ),
    "an unknown source": (regie(bron="dialoog"), "bron", "deze bron is er niet: kies uit enquete, ggd, open-data"),
    "no method": (
        regie(methode=""),
        "methode",
        "deze methode is er niet: kies uit gezondheidsmonitor, online, telefonisch",
    ),
    "an unknown method": (
        regie(methode="=HYPERLINK(1)"),
        "methode",
        "deze methode is er niet: kies uit gezondheidsmonitor, online, telefonisch",
    ),
    "a formula for a number": (
        regie(n="=SOM(A1)"),
        "n",
        "een formule kan hier niet: hier hoort een geheel getal, alleen cijfers",
    ),
    "a numerator for a mean": (regie(teller="5"), "teller", "regie is een gemiddelde: dit hoort leeg te blijven"),
    "no numerator for a ratio": (
        eenzaam(teller=""),
        "teller",
        "dit ontbreekt: hier hoort een geheel getal, alleen cijfers",
    ),
    "no denominator for a ratio": (
        eenzaam(noemer=""),
        "noemer",
        "dit ontbreekt: hier hoort een geheel getal, alleen cijfers",
    ),
    "a denominator of nothing": (eenzaam(teller="0", noemer="0"), "noemer", "hier hoort minstens 1"),
    "an n for a count": (vrijwilligers(n="5"), "n", "vrijwilligers is een aantal: dit hoort leeg te blijven"),
    "a class too few": (vertrouwen(verdeling="3|5|9|2"), "verdeling", "hier horen 5 klassen"),
    "classes that are no counts": (
        vertrouwen(verdeling="3|5|9|2|x"),
        "verdeling",
        "dit is geen getal: hier hoort een geheel getal, alleen cijfers; "
        "hier horen aantallen per klasse, zoals 3|5|9|2|1",
    ),
    "classes of nobody": (vertrouwen(verdeling="0|0|0|0|0"), "verdeling", "er is niemand geteld"),
    "classes that do not add up to n": (vertrouwen(n="21"), "n", "de klassen tellen op tot 200"),
    "no classes and no n": (
        vertrouwen(verdeling=""),
        "verdeling",
        "dit ontbreekt: hier hoort een geheel getal, alleen cijfers; hier horen aantallen per klasse, zoals 3|5|9|2|1",
    ),
    "a bound off the scale": (regie(waarde="<5,01"), "waarde", "regie loopt van 1 tot en met 5"),
    "a bound with a deviation": (
        regie(waarde="<1,2"),
        "standaardafwijking",
        "naast een grens hoort dit leeg te blijven",
    ),
}


@pytest.mark.parametrize(("row", "column", "reason"), CASES.values(), ids=CASES)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, row: dict[str, str], column: str, reason: str) -> None:
    good, wrong = checked(write(tmp_path / "rijen.csv", text([regie(gebied="GM0772"), row])))
    assert len(good) == 1
    assert wrong == [(3, column, row.get(column, ""), reason)]


def test_rows_of_each_measure_are_right(tmp_path: Path) -> None:
    """Negative control of the cases: what they vary is right."""
    rows = [regie(), eenzaam(), eenzaam(gebied="GM0772", waarde="45,0", n="80"), vrijwilligers(), vertrouwen(n="200")]
    good, wrong = checked(write(tmp_path / "rijen.csv", text(rows)))
    assert wrong == []
    assert [line.split("\t")[8:] for line in good] == [
        [
            "412",
            "412",
            "1339000000",
            "4615430000000000",
            "412",
            "0",
            "0",
            "{}",
            "1339000000",
            "0",
            "0",
            "0",
            "{}",
            "f\n",
        ],
        ["1000", "0", "0", "0", "0", "450", "1000", "{}", "0", "0", "0", "0", "{}", "f\n"],
        ["80", "80", "0", "0", "0", "450", "1000", "{}", "0", "0", "0", "0", "{}", "f\n"],
        ["1200", "0", "0", "0", "0", "1200", "0", "{}", "0", "0", "0", "0", "{}", "f\n"],
        ["200", "200", *"00000", "{30,50,90,20,10}", "0", "0", "0", "200", "{30,50,90,20,10}", "f\n"],
    ]


def test_what_may_be_public_of_a_row_stands_beside_what_it_says(tmp_path: Path) -> None:
    rows = [
        regie(n="50", waarde="3,27"),
        regie(n="50", waarde="1,04", gebied="GM0772", standaardafwijking=""),
        regie(n="9", gebied="GM1959"),
        eenzaam(teller="3"),
        vrijwilligers(teller="9"),
        vertrouwen(verdeling="3|50|90|20|10"),
        regie(waarde="<1,2", standaardafwijking="", periode="2023", indeling="2023"),
        vertrouwen(verdeling="", n="20", periode="2023", indeling="2023"),
    ]
    good, wrong = checked(write(tmp_path / "rijen.csv", text(rows)))
    assert wrong == []
    assert [line.rstrip("\n").split("\t")[-6:] for line in good] == [
        [str(50 * 3_300_000), "0", "0", "0", "{}", "f"],
        [str(50 * 1_200_000), "50", "0", "0", "{}", "f"],
        ["\\N", "0", "0", "0", "{}", "f"],
        ["\\N", "0", "0", "0", "{}", "f"],
        ["\\N", "0", "0", "0", "{}", "f"],
        ["0", "0", "0", "0", "{}", "f"],
        [str(412 * 1_200_000), "412", "0", "0", "{}", "t"],
        ["0", "0", "0", "0", "{}", "t"],
    ]


def test_everything_wrong_with_a_row_is_told_at_once(tmp_path: Path) -> None:
    row = regie(indicator="geluk", gebied="GM9999", bron="x", periode="soms", methode="")
    _, wrong = checked(write(tmp_path / "rijen.csv", text([row, regie(n="", waarde="a", versie="9", gebied="GM0")])))
    assert [(line, column) for line, column, _, _ in wrong] == [
        (2, "indicator"),
        (2, "bron"),
        (2, "periode"),
        (2, "gebied"),
        (2, "methode"),
        (3, "versie"),
        (3, "gebied"),
        (3, "waarde"),
        (3, "n"),
    ]


def test_levels_and_lengths_of_period_do_not_mix(tmp_path: Path) -> None:
    rows = [regie(), regie(gebied="west-brabant"), regie(periode="2024-03"), regie(bron="ggd", gebied="PV30")]
    good, wrong = checked(write(tmp_path / "rijen.csv", text(rows)))
    assert len(good) == 2
    assert [(line, column) for line, column, _, _ in wrong] == [(3, "gebied"), (4, "periode")]
    assert "cijfers van gemeenten, dit is er een van regio's" in wrong[0][3]
    assert "cijfers per jaar, dit is er een per maand" in wrong[1][3]


def test_a_wrong_row_does_not_decide_the_level_of_the_others(tmp_path: Path) -> None:
    good, wrong = checked(write(tmp_path / "rijen.csv", text([regie(gebied="PV30", n=""), regie()])))
    assert len(good) == len(wrong) == 1


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"", 1, "Het bestand is leeg"),
        (b"\xef\xbb\xbf", 1, "De eerste regel is leeg"),
        (b"\r\n\r\n", 1, "De eerste regel is leeg"),
        (b"naam;waarde\r\nx;1\r\n", 1, "deze kolommen ontbreken: indicator, versie"),
        (text([], columns=(*COLUMNS, "opmerking")).encode(), 1, "deze kolommen zijn onbekend: opmerking"),
        (text([], columns=(*COLUMNS, "n")).encode(), 1, "deze kolommen staan er dubbel: n"),
        (text([]).encode("utf-16"), 1, "Dit bestand is UTF-16: sla het op als UTF-8."),
        (text([]).encode() + b"x" * 70_000, 2, "Deze regel is langer dan 65536 tekens: dit is geen CSV."),
    ],
    ids=["empty", "a mark only", "blank lines", "another layout", "a column more", "a column twice", "UTF-16", "long"],
)
def test_another_layout_says_what_was_expected(tmp_path: Path, content: bytes, line: int, said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        checked(write(tmp_path / "rijen.csv", content))
    assert refused.value.line == line
    assert said in refused.value.reason


def test_mixed_encodings_are_told_by_line_and_column(tmp_path: Path) -> None:
    lines = text([regie(methode="enquête"), regie(gebied="GM0772", methode="enquête"), regie(n="ë")]).splitlines(True)
    mixed = b"".join([lines[0].encode(), lines[1].encode(), lines[2].encode("cp1252"), lines[3].encode("cp1252")])
    good, wrong = checked(write(tmp_path / "rijen.csv", mixed))
    assert good == []
    assert wrong == [
        (2, "methode", "enquête", "deze methode is er niet: kies uit gezondheidsmonitor, online, telefonisch"),
        (3, "methode", "enqu\N{REPLACEMENT CHARACTER}te", "dit is geen UTF-8: sla het hele bestand op als UTF-8"),
        (4, "n", "\N{REPLACEMENT CHARACTER}", "dit is geen UTF-8: sla het hele bestand op als UTF-8"),
    ]


def test_a_file_with_commas_has_points_for_decimals(tmp_path: Path) -> None:
    right = regie(waarde="3.25", standaardafwijking="0.8")
    good, wrong = checked(write(tmp_path / "rijen.csv", text([right, right | {"waarde": '"3,5"'}], ",")))
    assert len(good) == 1
    reason = "schrijf een punt voor de decimalen, want dit bestand heeft komma's tussen de kolommen"
    assert wrong == [(3, "waarde", "3,5", reason)]
    good, wrong = checked(write(tmp_path / "rijen.csv", text([regie()], ",")))
    assert wrong == [
        (
            2,
            None,
            None,
            "Deze regel heeft 15 velden; de eerste regel noemt er 13. "
            "Staat er een komma in een getal? Schrijf dan een punt.",
        )
    ]


def test_columns_may_stand_in_any_order_and_blank_lines_anywhere(tmp_path: Path) -> None:
    content = text([regie()], columns=COLUMNS[::-1]) + "\r\n" + ";" * 12 + "\r\n"
    good, wrong = checked(write(tmp_path / "rijen.csv", b"\xef\xbb\xbf" + content.encode()))
    assert (len(good), wrong) == (1, [])
    assert checked(write(tmp_path / "rijen.csv", text([regie()])))[0] == good


def test_a_field_over_lines_is_told_by_the_line_it_begins_on(tmp_path: Path) -> None:
    rows = [regie(methode='"on\r\nline"'), regie(n="x"), regie(methode='"open')]
    good, wrong = checked(write(tmp_path / "rijen.csv", text(rows)))
    assert good == []
    assert [(line, column) for line, column, _, _ in wrong] == [(2, "methode"), (4, "n"), (5, None)]
    assert wrong[-1][3].startswith("De aanhalingstekens kloppen niet")
