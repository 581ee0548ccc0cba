"""What an object, a row of a file or a row of a page says of a group, by one name for each meaning."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from urllib.parse import parse_qs, urlsplit

from .answers import Surface

Value = Decimal | tuple[int, ...]
Values = Mapping[str, Value]

#: One meaning, by the names that surfaces give it.
_NAMES = {
    "respondents": ("respondents",),
    "n": ("n",),
    "mean": ("mean", "waarde"),
    "total": ("sumMillionths", "totalMillionths", "total_millionths"),
    "squares": ("totalSquares", "total_squares"),
    "spread_n": ("spreadN", "spread_n"),
    "deviation": ("standardDeviation", "deviation", "standaardafwijking"),
    "low": ("meanLow", "mean_low"),
    "high": ("meanHigh", "mean_high"),
    "low_n": ("lowN", "low_n"),
    "high_n": ("highN", "high_n"),
    "numerator": ("numerator", "teller"),
    "denominator": ("denominator", "noemer"),
    "share": ("share",),
    "histogram": ("histogram", "distribution", "verdeling"),
    "value": ("value",),
}  # fmt: skip
_INTERVAL = frozenset(
    ("meanLow", "mean_low", "meanHigh", "mean_high", "shareLow", "share_low", "shareHigh", "share_high")
)
#: Kinds of source, by their Dutch words.
SOURCES = {"dialoog": "dialogue", "enquete": "survey", "ggd": "ggd", "open-data": "open-data"}
_VALUE = re.compile(r"(\d+(?:,\d+)?)(%?)")
_WHOLE = re.compile(r"\d{1,3}(?:\.\d{3})*")


def values_of(sums: object) -> Values:
    """What an object or row says of a group; nothing where it has nothing or nobody."""
    if not isinstance(sums, dict):
        return {}
    found: dict[str, Value] = {}
    for meaning, names in _NAMES.items():
        value = next((_value(sums[name]) for name in names if name in sums), None)
        if value is not None:
            found[meaning] = value
    for name, value in sums.items():
        # However it is called that a mean is only known to be below, or above, what is shown.
        if name not in _INTERVAL and (side := re.search(r"low|lag|high|hoog", name, re.IGNORECASE)) and value:
            found.setdefault("low_n" if side[0].lower().startswith("l") else "high_n", Decimal(1))
    if isinstance(interval := sums.get("confidenceInterval"), dict) and "mean" in found:
        for meaning in ("low", "high"):
            if (value := _value(interval.get(meaning))) is not None:
                found[meaning] = value
    if not found.get("n"):
        for meaning in ("n", "total", "mean"):
            found.pop(meaning, None)
    if not found.get("denominator") and not found.get("numerator"):
        found.pop("numerator", None)
        found.pop("denominator", None)
    if found.get("spread_n", found.get("n")) != found.get("n"):
        found.pop("squares", None)
    return {
        name: value for name, value in found.items() if value or name in ("numerator", "share", "mean", "deviation")
    }


def around(period: str) -> tuple[str, ...]:
    """A period and those around it."""
    year = period[:4]
    if len(period) == 4:
        return (period,)
    return (period, year) if "Q" in period else (period, f"{year}-Q{(int(period[5:]) + 2) // 3}", year)


def number(values: Values, name: str) -> Decimal | None:
    """A value that is a number."""
    value = values.get(name)
    return value if isinstance(value, Decimal) else None


def classes(values: Values) -> tuple[int, ...]:
    """How many are in each class, as far as it is said."""
    value = values.get("histogram")
    return value if isinstance(value, tuple) else ()


def people(values: Values) -> Decimal | None:
    """How many people a figure is of."""
    found = (number(values, name) for name in ("respondents", "n", "denominator", "numerator"))
    return next((one for one in found if one is not None), None)


def _value(value: object) -> Value | None:
    if isinstance(value, list):
        return tuple(int(one) for one in value) if value and all(isinstance(one, int) for one in value) else None
    if isinstance(value, str) and "|" in value:
        return tuple(map(int, value.split("|")))
    if value is None or isinstance(value, bool | dict) or value == "":
        return None
    try:
        return Decimal(str(value).replace(",", "."))
    except InvalidOperation:
        return None


def written(surface: Surface) -> Iterator[tuple[tuple[str, str, str, str, str], dict[str, Decimal]]]:
    """Which figure each row is of, and what it says: a mean, a share or a count, and what that rests on.

    Only figures of now, in the municipalities of their own time.
    """
    if surface.page is None or re.search(r"indeling=\d", surface.name):
        return
    for row in surface.page.rows:
        links = [urlsplit(link) for _, inside in row for link in inside]
        asked = next((parse_qs(link.query) for link in links if link.path == "/monitor/waarom"), {})
        names = ("indicator", "bron", "gebied", "periode")
        if "van" in asked or not all(name in asked for name in names):
            continue
        code, source, area, period = (asked[name][0] for name in names)
        values = _values([text for text, _ in row[1:]])
        if values:
            yield ("indicator", code, SOURCES.get(source, source), area, period), values


def _values(cells: list[str]) -> dict[str, Decimal]:
    """`3,2`, a margin and `50`; `44,4%`, a margin and `90`; or only `500`."""
    found = _VALUE.fullmatch(cells[0]) if cells else None
    if found is None:
        return {}
    wholes = [Decimal(text.replace(".", "")) for text in cells if _WHOLE.fullmatch(text)]
    if found[2]:
        share = Decimal(found[1].replace(",", ".")) / 100
        return {"share": share, **({"denominator": wholes[-1]} if wholes else {})}
    if "," in found[1]:
        return {"mean": Decimal(found[1].replace(",", ".")), **({"n": wholes[-1]} if wholes else {})}
    return {}
