"""Numbers as they are written in a file: whole ones and millionths, exactly. What was read is kept, within bounds."""

import re
from typing import NoReturn

from ...figure.tally import MILLION
from .layout import FORMULA_MARKS
from .texts import plain

_MOST_KEPT = 50_000
_WHOLE_DIGITS = 12
_DECIMALS = 6
_SHORTENED = re.compile(r"[+-]?\d+([.,]\d+)?e[+-]?\d+", re.ASCII | re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3}([.,' ]\d{3})+")


class NotANumber(ValueError):
    """The message says in Dutch what was expected."""


class Numbers:
    """Reads numbers of one file. `mark` stands before the decimals, `because` says why that one."""

    def __init__(self, mark: str, because: str) -> None:
        self._mark, self._because = mark, because
        self._other = "." if mark == "," else ","
        self.wholes: dict[str, int] = {}
        self.millionths: dict[str, int] = {}

    def whole(self, text: str) -> int:
        """A whole number, 0 or more. Raises NotANumber."""
        known = self.wholes.get(text)
        if known is not None:
            return known
        digits = plain(text)
        if not (digits.isascii() and digits.isdecimal()):
            if re.fullmatch(rf"\d+\{self._mark}\d*", digits, re.ASCII):
                raise NotANumber("hier hoort een geheel getal, zonder cijfers achter de komma")
            self._refuse(digits, "een geheel getal, alleen cijfers")
        if len(digits) > _WHOLE_DIGITS:
            raise NotANumber(f"dit getal is te groot: hoogstens {_WHOLE_DIGITS} cijfers")
        return _remember(self.wholes, text, int(digits))

    def value(self, text: str) -> int:
        """A number of 0 or more in millionths. Raises NotANumber."""
        known = self.millionths.get(text)
        if known is not None:
            return known
        written = plain(text)
        whole, _, decimals = written.partition(self._mark)
        if not (whole.isascii() and whole.isdecimal()) or (
            self._mark in written and not (decimals.isascii() and decimals.isdecimal())
        ):
            self._refuse(written, f"een getal zoals 3{self._mark}5")
        if len(whole) > _WHOLE_DIGITS:
            raise NotANumber(f"dit getal is te groot: hoogstens {_WHOLE_DIGITS} cijfers voor de {self._name()}")
        if len(decimals.rstrip("0")) > _DECIMALS:
            raise NotANumber(f"rond af: hoogstens {_DECIMALS} cijfers achter de {self._name()}")
        number = int(whole) * MILLION + int(decimals[:_DECIMALS].ljust(_DECIMALS, "0"))
        return _remember(self.millionths, text, number)

    def counts(self, text: str) -> tuple[int, ...]:
        """Counts per class, `3|5|9|2|1`. Raises NotANumber."""
        return tuple(self.whole(count) for count in text.split("|"))

    def decimals(self, text: str) -> int:
        """How many decimals a number is written with."""
        return len(plain(text).partition(self._mark)[2])

    def _refuse(self, written: str, expected: str) -> NoReturn:
        if not written:
            raise NotANumber(f"dit ontbreekt: hier hoort {expected}")
        if re.fullmatch(r"-\s*\d[\d.,]*", written, re.ASCII):
            raise NotANumber("een negatief getal kan hier niet")
        if written.startswith(FORMULA_MARKS):
            raise NotANumber(f"een formule kan hier niet: hier hoort {expected}")
        if _SHORTENED.fullmatch(written):
            raise NotANumber("een rekenblad heeft dit getal afgekort, en cijfers weggelaten: schrijf het voluit")
        if set(written) == {"#"}:
            raise NotANumber("een rekenblad toonde dit getal niet: maak de kolom breder, en sla het opnieuw op")
        if written.endswith("%"):
            raise NotANumber("laat het procentteken weg")
        if _THOUSANDS.fullmatch(written) and "geheel" in expected:
            raise NotANumber("schrijf het zonder punten, komma's of spaties tussen de duizendtallen")
        if re.fullmatch(rf"\d+\{self._other}\d+", written, re.ASCII):
            raise NotANumber(f"schrijf een {self._name()} voor de decimalen, want {self._because}")
        raise NotANumber(f"dit is geen getal: hier hoort {expected}")

    def _name(self) -> str:
        return "komma" if self._mark == "," else "punt"


def _remember(memo: dict[str, int], text: str, number: int) -> int:
    if len(memo) >= _MOST_KEPT:
        memo.clear()
    memo[text] = number
    return number
