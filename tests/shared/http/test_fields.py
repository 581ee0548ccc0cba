"""Each kind of input takes what it is for, and refuses what is not, in a Dutch sentence that says what was expected."""

import json
from typing import Annotated, Protocol

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.http import fields
from shared.http.bodies import Body
from shared.http.fields import (
    AreaCode,
    BySlug,
    Cents,
    Count,
    CursorText,
    Day,
    DecimalText,
    Distinct,
    FileName,
    GroupSize,
    Id,
    Key,
    Limit,
    Moment,
    OneLine,
    Percentage,
    Period,
    ProgrammeDay,
    Repeatable,
    Score,
    Text,
    Token,
    TypeName,
    Year,
)
from shared.http.problems import field_error


class Reader(Protocol):
    """What reads a kind."""

    def validate_python(self, value: object, /) -> object: ...

    def json_schema(self) -> dict[str, object]: ...


#: Never any short text for programs, never a day, never a number.
HOSTILE: tuple[object, ...] = (
    "",
    " ",
    "   ",
    "\u200b",
    "\u00a0",
    "\u0085",
    "\u202e",
    "\0",
    "a\0",
    "\ud800",
    "a b",
    " a",
    "a\n",
    "é",
    "e\u0301",
    "２０１９",
    "٢٠١٩",
    "a" * 1000,
    {},
    None,
    1.5,
)
_BIG = 10**5000

#: Of each kind: what it takes, and what it refuses beside `HOSTILE`.
KINDS: dict[str, tuple[Reader, list[object], list[object]]] = {
    "id": (TypeAdapter(Id), ["a", "a-1", "0" * 64, "018f4e0a-7b7e-7cc2-9c3a-1f0a5b6c7d8e"], ["A", "-a", "0" * 65, 1]),
    "area-code": (TypeAdapter(AreaCode), ["GM0794", "brabant"], ["-a", "GM 0794", "G" * 33]),
    "edition-id": (TypeAdapter(fields.EditionId), ["editie-1"], ["1", "2019-01-01", "A"]),
    "code": (TypeAdapter(fields.Code), ["GM0794", "gezondheid"], ["a.b", "a" * 65]),
    "type-name": (TypeAdapter(TypeName), ["nl.veerkracht.area.registered.v1"], ["a/b", "A"]),
    "token": (TypeAdapter(Token), ["urn:veerkracht:x", "dialogue/018f"], []),
    "key": (TypeAdapter(Key), ["abc:1/2"], []),
    "cursor": (TypeAdapter(CursorText), ["12.a.1", "5"], []),
    "day": (
        TypeAdapter(Day),
        ["1900-01-01", "2026-11-24", "2199-12-31"],
        ["0001-01-01", "0202-11-24", "1899-12-31", "2200-01-01", "9999-12-31", "2026-02-30", "2026-11-24T00:00:00", 0],
    ),
    "programme-day": (TypeAdapter(ProgrammeDay), ["2000-01-01", "2026-11-24"], ["1999-12-31", "0202-11-24"]),
    "moment": (
        TypeAdapter(Moment),
        ["2026-11-24T09:00:00Z", "2026-11-24T09:00:00.123456+01:00"],
        [
            "2026-11-24",
            "2026-11-24T09:00:00",
            "2026-02-30T09:00:00Z",
            "0001-01-01T00:00:00+14:00",
            "1900-01-01T00:00:00+01:00",
            "2199-12-31T23:59:59-01:00",
            "9999-12-31T23:59:59-12:00",
            0,
        ],
    ),
    "year": (TypeAdapter(Year), [1900, "2019", 2199], [0, 202, 1899, 2200, 9999, _BIG]),
    "period": (
        TypeAdapter(Period),
        ["1900", "2019-Q1", "2019-03", "2199-12"],
        ["0000", "0202", "1899", "2200", "9999", "2019-13", "2019-Q5", "2019-3", 2019],
    ),
    "count": (TypeAdapter(Count), [0, 10**9], [-1, 10**9 + 1, True, "1", 2.0, 1e400, float("nan"), _BIG]),
    "group-size": (TypeAdapter(GroupSize), [1, 10_000], [0, 10_001, "1"]),
    "score": (TypeAdapter(Score), [0, 10_000], [-1, 10_001, "1"]),
    "percentage": (TypeAdapter(Percentage), [0, 100], [-1, 101, "1", 1.0]),
    "amount": (TypeAdapter(Cents), [1, 100_000_000_000_00], [0, -1, 100_000_000_000_01, True, "1", 1.0, _BIG]),
    "decimal": (TypeAdapter(DecimalText), ["1", "-3.25", "123456789.123456"], ["1,5", "1e3", "1.", ".5", "1234567890"]),
    "limit": (TypeAdapter(Limit), [1, "200"], [0, 201, "x", _BIG]),
    "distinct": (
        TypeAdapter(Annotated[list[AreaCode], Distinct(3, least=1)]),
        [["GM0794"], ["GM0794", "gm0794", "a"]],
        [[], ["a", "a"], ["a", "b", "a"], ["a", "b", "c", "d"], ["a\0"], ["\u200b"]],
    ),
    "repeatable": (
        TypeAdapter(Annotated[list[Score], Repeatable(2, least=2)]),
        [[0, 0]],
        [[0], [0, 0, 0], [0, "0"]],
    ),
    "by-slug": (
        TypeAdapter(Annotated[dict[Id, GroupSize], BySlug(2, least=1)]),
        [{"ouders": 5}],
        [{"Ouders": 5}, {"a\0": 5}, {"\ud800": 5}, {"a": 0}, {"a": 1, "b": 1, "c": 1}],
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_takes_what_it_is_for_and_nothing_else(kind: str) -> None:
    adapter, good, bad = KINDS[kind]
    for value in good:
        adapter.validate_python(value)
    for hostile in (*HOSTILE, *bad):
        _said(adapter, hostile)


@pytest.mark.parametrize(
    "adapter", [TypeAdapter(OneLine), TypeAdapter(Text), TypeAdapter(FileName)], ids=["name", "text", "file-name"]
)
def test_a_text_of_people_is_cleaned_or_refused(adapter: Reader) -> None:
    assert adapter.validate_python(" enque\u0302te\u00a0") == "enqu\u00eate"
    for hostile in ("", " ", "\u200b", "\u00a0", "\u0085", "\u202e", "a\0", "\ud800", "a" * 5000, 1, True, None, ["a"]):
        _said(adapter, hostile)


def test_the_name_of_a_file_is_not_a_path() -> None:
    adapter = TypeAdapter(FileName)
    assert adapter.validate_python("enquête 2019.csv") == "enquête 2019.csv"
    assert "teken 3 (“\\”)" in _said(adapter, "C:\\fakepath\\x.csv")
    assert "teken 3 (“/”)" in _said(adapter, "../x.csv")


def test_an_error_says_which_character_and_what_was_expected() -> None:
    assert _said(TypeAdapter(Id), "Helmond").startswith("teken 1 (“H”) hoort hier niet: hier hoort een kenmerk van")
    assert _said(TypeAdapter(Id), "a\0").startswith("teken 2 (U+0000) hoort hier niet: hier hoort een kenmerk van")
    assert (
        _said(TypeAdapter(Day), "0202-11-24")
        == "hier hoort een datum van 1900-01-01 tot en met 2199-12-31; er staat 0202-11-24"
    )
    assert (
        _said(TypeAdapter(Annotated[list[Id], Distinct(3)]), ["a", "b", "a"])
        == "onderdeel 3 is hetzelfde als onderdeel 1: elk hoogstens één keer"
    )


class Part(Body):
    """An object of a list."""

    period: Period
    amount: Cents


def test_objects_are_the_same_by_what_names_them() -> None:
    adapter = TypeAdapter(Annotated[list[Part], Distinct(3, by=("period",))])
    adapter.validate_python([{"period": "2019", "amount": 1}, {"period": "2020", "amount": 1}])
    said = _said(adapter, [{"period": "2019", "amount": 1}, {"period": "2019", "amount": 2}])
    assert said == "onderdeel 2 is hetzelfde als onderdeel 1: elk hoogstens één keer"


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_told_of_in_the_openapi_document(kind: str) -> None:
    schema = KINDS[kind][0].json_schema()
    assert schema["x-kind"]
    assert {"maximum", "pattern", "maxItems", "maxProperties", "description"} & schema.keys()


def _said(adapter: Reader, value: object) -> str:
    """What is said of a value that must be refused; it can be sent."""
    with pytest.raises(ValidationError) as refused:
        adapter.validate_python(value)
    said = "; ".join(
        field_error({**error, "loc": ("body", "x", *error["loc"])})["detail"] for error in refused.value.errors()
    )
    json.dumps(said, ensure_ascii=False).encode()
    assert said
    return said
