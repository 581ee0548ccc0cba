"""What is news, for whom, and how it is told."""

import msgspec
import pytest

from deploy.local import ROOT
from services.community.activities import TYPES, Activity, Selection, activity_of, name_of, tags_of
from services.community.sentences import mentions, tell
from shared.contracts import CONTRACTS, Contract
from shared.contracts.asyncapi import example
from shared.contracts.vocabulary import AggregateKind, AreaLevel, Phase, SourceKind, Theme, Verdict

from .samples import (
    AREA,
    BASELINE,
    COMMITMENT,
    DISBURSEMENT,
    EDITION,
    FINDING,
    HELD,
    IMPORTED,
    INDICATOR,
    INITIATIVE,
    JUDGED,
    LESSON,
    LINE,
    MOVED,
    NEWS,
    ORGANISATION,
    PHASE,
    PLANNED,
    WITHDRAWN,
)

NAMES = {
    (name.kind, name.id): name.name
    for event in (AREA, INDICATOR, LINE, ORGANISATION, INITIATIVE)
    if (name := name_of(event)) is not None
}
Change = msgspec.structs.replace


def golden(type_: str) -> Contract:
    return msgspec.convert(example(type_)["data"], CONTRACTS[type_])


@pytest.mark.parametrize("type_", CONTRACTS)
def test_every_contract_is_news_and_can_be_told_or_is_neither(type_: str) -> None:
    event = golden(type_)
    assert (activity_of(event) is not None) == (type_ in TYPES)
    if type_ in TYPES:
        told = tell(event, {})
        assert told.label
        assert told.text
        assert told.href.startswith("/")
    else:
        with pytest.raises(ValueError, match="is not news"):
            tell(event, {})


@pytest.mark.parametrize("type_", CONTRACTS)
def test_every_event_has_a_colour_of_its_kind(type_: str) -> None:
    style = (ROOT / "shared" / "web" / "static" / "style.css").read_text(encoding="utf-8")
    assert f'[data-type*=".{type_.split(".")[2]}."]' in style


@pytest.mark.parametrize("longer", ["2026-Q4", "2026"])
def test_a_figure_is_news_by_the_month_and_not_again_by_the_quarter_and_year(longer: str) -> None:
    assert activity_of(MOVED) is not None
    assert activity_of(Change(MOVED, period=longer)) is None


def test_a_figure_of_a_neighbourhood_or_another_source_is_no_news() -> None:
    assert activity_of(Change(MOVED, level=AreaLevel.NEIGHBOURHOOD, area="BU07940101")) is None
    assert activity_of(Change(MOVED, source=SourceKind.SURVEY)) is None


def test_a_suppressed_figure_is_no_news() -> None:
    hidden = Change(MOVED, suppressed=True, n=None, mean=None)
    assert activity_of(hidden) is None


def test_news_belongs_to_initiative_areas_themes_and_organisations() -> None:
    assert activity_of(INITIATIVE) == Activity(
        "slowcare", ("GM0828", "noordoost-brabant"), (Theme.CONNECTION,), ("zet",)
    )
    assert activity_of(HELD) == Activity("slowcare", ("GM0794",), (Theme.CONNECTION,), ("zet",))
    assert activity_of(FINDING) == Activity()
    assert activity_of(JUDGED) == Activity(areas=("PV30",))


@pytest.mark.parametrize(
    ("event", "text", "href"),
    [
        (INITIATIVE, "Slowcare doet mee aan het programma", "/initiatieven/slowcare"),
        (PHASE, "Slowcare is nu in uitvoering", "/initiatieven/slowcare"),
        (Change(PHASE, phase=Phase.STOPPED), "Slowcare is nu gestopt", "/initiatieven/slowcare"),
        (LESSON, "Les uit Slowcare: Een vast gezicht helpt (werkte niet)", "/initiatieven/slowcare"),
        (ORGANISATION, "ZET doet mee in het netwerk", "/netwerk"),
        (PLANNED, "Dialoog gepland in Helmond op 3 december 2026, door ZET", "/dialogen/d-1"),
        (HELD, "Dialoog gehouden in Helmond over ontmoeting en burenhulp, met 24 deelnemers", "/dialogen/d-1"),
        (
            Change(HELD, participants=None),
            "Dialoog gehouden in Helmond over ontmoeting en burenhulp",
            "/dialogen/d-1",
        ),
        (Change(HELD, topics=(), participants=1), "Dialoog gehouden in Helmond, met 1 deelnemer", "/dialogen/d-1"),
        (WITHDRAWN, "Dialoog in Helmond ingetrokken: de uitkomst telt niet meer mee", "/dialogen/d-1"),
        (Change(WITHDRAWN, was_held=False), "Geplande dialoog in Helmond ingetrokken", "/dialogen/d-1"),
        (
            COMMITMENT,
            "€\u00a050.000 toegezegd aan ZET uit ‘Aansluiten bij concrete initiatieven’",
            "/financien",
        ),
        (DISBURSEMENT, "€\u00a012.500,50 betaald aan ZET voor Slowcare", "/financien"),
        (FINDING, "Bevinding bij de begroting: Inzet ZET telt niet op", "/financien"),
        (BASELINE, "10 tot 30% van de Brabanders is minder verbonden.", "/monitor"),
        (IMPORTED, "12.400 waarnemingen ingelezen uit de GGD en open data", "/monitor/waarnemingen"),
        (
            Change(IMPORTED, rows=1, sources=(SourceKind.SURVEY,)),
            "1 waarneming ingelezen uit enquêtes",
            "/monitor/waarnemingen",
        ),
        (EDITION, "Editie van de monitor: Monitor 2019", "/monitor/edities/monitor-2019"),
        (JUDGED, "Doel gehaald: 30 gemeenten dementievriendelijk", "/monitor/impact"),
        (
            Change(JUDGED, verdict=Verdict.MISSED),
            "Doel niet gehaald: 30 gemeenten dementievriendelijk",
            "/monitor/impact",
        ),
        (
            MOVED,
            "Hulp in de buurt in Helmond staat in november 2026 op 3,6 (n = 24), was 3,1",
            "/monitor/gebieden/GM0794",
        ),
        (
            Change(MOVED, of=AggregateKind.THEME, code="sociaal-ondernemen", previous_mean=None),
            "Sociaal ondernemen in Helmond staat in november 2026 op 3,6 (n = 24)",
            "/monitor/gebieden/GM0794",
        ),
        (
            Change(MOVED, n=0, mean=None),
            "Hulp in de buurt in Helmond heeft in november 2026 geen cijfer meer, was 3,1",
            "/monitor/gebieden/GM0794",
        ),
    ],
)
def test_news_is_told_in_dutch(event: Contract, text: str, href: str) -> None:
    told = tell(event, NAMES)
    assert (told.text, told.href) == (text, href)


@pytest.mark.parametrize("event", [*NEWS, WITHDRAWN])
def test_a_sentence_needs_no_name_that_was_not_looked_up(event: Contract) -> None:
    found = {key: name for key, name in NAMES.items() if key[1] in mentions(event)}
    assert tell(event, found) == tell(event, NAMES)


def test_what_has_no_name_yet_is_told_by_its_id() -> None:
    assert tell(PHASE, {}).text == "slowcare is nu in uitvoering"
    assert tell(MOVED, {}).text.startswith("Buurthulp in GM0794 staat")


@pytest.mark.parametrize(
    ("selection", "accepted"),
    [
        (Selection(), True),
        (Selection(initiative="slowcare", municipality="GM0794", theme="verbinding", organisation="zet"), True),
        (Selection(type=HELD.type), True),
        (Selection(type=PLANNED.type), False),
        (Selection(municipality="GM0794", theme="vertrouwen"), False),
        (Selection(organisation="slowcare"), False),
    ],
)
def test_every_part_of_a_selection_must_fit(selection: Selection, accepted: bool) -> None:
    activity = activity_of(HELD)
    assert activity is not None
    assert selection.accepts(tags_of(HELD.type, activity)) is accepted
