"""Brabant with its mergers, and figures of it worked out by hand."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from services.monitor.areas.domain import Area, AreaChange
from services.monitor.areas.geography import Geography, NotRecalculable, Recalculated
from services.monitor.figure.tally import MILLION, Tally
from shared.contracts.vocabulary import AreaChangeKind, AreaLevel

from ..figure.tallies import of_mean

DATA = Path(__file__).parents[3] / "deploy" / "programme" / "data"


AALBURG, WERKENDAM, WOUDRICHEM, ALTENA = "GM0738", "GM0870", "GM0874", "GM1959"


SCHIJNDEL, SINT_OEDENRODE, VEGHEL, MEIERIJSTAD = "GM0844", "GM0846", "GM0860", "GM1948"


HAAREN, BOXTEL, OISTERWIJK, TILBURG, VUGHT = "GM0788", "GM0757", "GM0824", "GM0855", "GM0865"


BOXMEER, CUIJK, GRAVE, MILL, SINT_ANTHONIS, LAND_VAN_CUIJK = "GM0756", "GM1684", "GM0786", "GM0815", "GM1702", "GM1982"


LANDERD, UDEN, MAASHORST = "GM1685", "GM0856", "GM1991"


HELMOND, PROVINCE = "GM0794", "PV30"


DIVIDED = "niet herberekenbaar: Haaren is op 1 januari 2021 verdeeld over Boxtel, Oisterwijk, Tilburg en Vught"


def read() -> tuple[list[Area], list[AreaChange]]:
    """The programme's areas and their changes."""
    areas, changes = (json.loads((DATA / f"{name}.json").read_text("utf-8")) for name in ("areas", "area-changes"))
    return (
        [
            Area(
                a["code"],
                a["name"],
                AreaLevel(a["level"]),
                a["parent"],
                date.fromisoformat(a["validFrom"]),
                date.fromisoformat(a["validUntil"]) if a["validUntil"] else None,
            )
            for a in areas
        ],
        [
            AreaChange(
                date.fromisoformat(c["on"]),
                AreaChangeKind(c["kind"]),
                tuple(c["predecessors"]),
                tuple(c["successors"]),
            )
            for c in changes
        ],
    )


def brabant() -> Geography:
    return Geography(*read())


BRABANT = brabant()


def count(number: int) -> Tally:
    return Tally(respondents=number, numerator=number)


def ratio(numerator: int, denominator: int) -> Tally:
    return Tally(respondents=denominator, numerator=numerator, denominator=denominator)


def mean(value: str, n: int, deviation: str | None = None) -> Tally:
    def millionths(text: str) -> int:
        return int(Decimal(text) * MILLION)

    return of_mean(millionths(value), n, millionths(deviation) if deviation else None)


def distribution(*classes: int) -> Tally:
    return Tally(respondents=sum(classes), n=sum(classes), histogram=classes)


def summed(area: str, year: int, period: str, published: Mapping[str, Tally]) -> Tally:
    found = BRABANT.recalculated(area, year, period, published)
    assert isinstance(found, Recalculated), found
    return found.tally


def refused(area: str, year: int, period: str, published: Mapping[str, Tally] | None = None) -> str:
    found = BRABANT.recalculated(area, year, period, published or {})
    assert isinstance(found, NotRecalculable), found
    return found.reason


def town(code: str, since: str, until: str | None = None) -> Area:
    ends = date.fromisoformat(until) if until else None
    return Area(code, code.title(), AreaLevel.MUNICIPALITY, None, date.fromisoformat(since), ends)


def line(on: str, kind: str, old: str, new: str) -> AreaChange:
    return AreaChange(date.fromisoformat(on), AreaChangeKind(kind), tuple(old.split()), tuple(new.split()))
