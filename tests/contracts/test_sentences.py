"""How events are told in Dutch, and what is news."""

import pytest

from shared.contracts import Contract
from shared.contracts.catalogue import Concerns, Names, entry_of
from shared.contracts.vocabulary import AggregateKind, AreaLevel, Phase, SourceKind, Theme, Verdict

from ..community.samples import (
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
    Change,
)

KNOWN = {
    (name.kind, name.id): name.name
    for event in (AREA, INDICATOR, LINE, ORGANISATION, INITIATIVE)
    if (name := entry_of(event).name_of(event)) is not None
}
DIALOGUE = f"/dialogen/{HELD.dialogue}"


def is_news(event: Contract) -> bool:
    return entry_of(event).is_news(event)


@pytest.mark.parametrize("longer", ["2026-Q4", "2026"])
def test_a_figure_is_news_by_the_month_and_not_again_by_the_quarter_and_year(longer: str) -> None:
    assert is_news(MOVED)
    assert not is_news(Change(MOVED, period=longer))


def test_a_figure_of_a_neighbourhood_or_another_source_is_no_news() -> None:
    assert not is_news(Change(MOVED, level=AreaLevel.NEIGHBOURHOOD, area="BU07940101"))
    assert not is_news(Change(MOVED, source=SourceKind.SURVEY))


def test_a_suppressed_figure_is_no_news() -> None:
    assert not is_news(Change(MOVED, suppressed=True, n=None, mean=None))


def test_an_event_concerns_an_initiative_areas_themes_and_organisations() -> None:
    registered = entry_of(INITIATIVE).concerns(Change(INITIATIVE, regions=("noordoost-brabant",)))
    assert registered == Concerns(
        "sociale-stad", ("GM0794",), ("noordoost-brabant",), (Theme.CONNECTION,), ("gemeente-helmond", "pon")
    )
    assert registered.areas == ("GM0794", "noordoost-brabant")
    held = Concerns("sociale-stad", ("GM0794",), (), (Theme.CONNECTION, Theme.TRUST), ("zet",))
    assert entry_of(HELD).concerns(HELD) == held
    assert entry_of(FINDING).concerns(FINDING) == Concerns()
    assert entry_of(JUDGED).concerns(JUDGED) == Concerns(other_areas=("PV30",))


@pytest.mark.parametrize(
    ("event", "text", "href"),
    [
        (INITIATIVE, "Sociale Stad doet mee aan het programma", "/initiatieven/sociale-stad"),
        (PHASE, "Sociale Stad is nu in voorbereiding", "/initiatieven/sociale-stad"),
        (Change(PHASE, phase=Phase.STOPPED), "Sociale Stad is nu gestopt", "/initiatieven/sociale-stad"),
        (LESSON, f"Les uit Sociale Stad: {LESSON.title}", "/initiatieven/sociale-stad"),
        (
            Change(LESSON, worked=False),
            f"Les uit Sociale Stad: {LESSON.title} (werkte niet)",
            "/initiatieven/sociale-stad",
        ),
        (ORGANISATION, "ZET doet mee in het netwerk", "/netwerk"),
        (PLANNED, "Dialoog gepland in Helmond op 19 november 2026, door ZET", DIALOGUE),
        (HELD, "Dialoog gehouden in Helmond over ontmoeting en vertrouwen in elkaar, met 24 deelnemers", DIALOGUE),
        (
            Change(HELD, participants=None),
            "Dialoog gehouden in Helmond over ontmoeting en vertrouwen in elkaar",
            DIALOGUE,
        ),
        (Change(HELD, topics=(), participants=1), "Dialoog gehouden in Helmond, met 1 deelnemer", DIALOGUE),
        (WITHDRAWN, "Dialoog in Helmond ingetrokken: de uitkomst telt niet meer mee", DIALOGUE),
        (Change(WITHDRAWN, was_held=False), "Geplande dialoog in Helmond ingetrokken", DIALOGUE),
        (
            COMMITMENT,
            f"€\u00a0125.000 toegezegd aan ZET voor Sociale Stad uit ‘{LINE.action}’",
            "/financien",
        ),
        (DISBURSEMENT, "€\u00a050.000 betaald aan ZET voor Sociale Stad", "/financien"),
        (
            Change(DISBURSEMENT, amount_cents=12_500_50, initiative=None),
            "€\u00a012.500,50 betaald aan ZET",
            "/financien",
        ),
        (
            FINDING,
            f"Bevinding bij de begroting: {FINDING.title}",
            "/financien",
        ),
        (BASELINE, BASELINE.statement, "/monitor"),
        (IMPORTED, "Waarnemingen ingelezen uit enquêtes", "/monitor/waarnemingen"),
        (
            Change(IMPORTED, sources=(SourceKind.SURVEY, SourceKind.OPEN_DATA)),
            "Waarnemingen ingelezen uit enquêtes en open data",
            "/monitor/waarnemingen",
        ),
        (EDITION, "Editie van de monitor: Monitor Sociale Veerkracht 2019", "/monitor/edities/monitor-2019"),
        (JUDGED, "Doel gehaald: 30 dementievriendelijke gemeenten", "/monitor/impact"),
        (
            Change(JUDGED, verdict=Verdict.MISSED),
            "Doel niet gehaald: 30 dementievriendelijke gemeenten",
            "/monitor/impact",
        ),
        (
            MOVED,
            "Verbondenheid in Helmond staat in november 2026 op 3,6 (n = 24), was 3,1",
            "/monitor/gebieden/GM0794",
        ),
        (
            Change(MOVED, of=AggregateKind.THEME, code="sociaal-ondernemen", previous_mean=None),
            "Sociaal ondernemen in Helmond staat in november 2026 op 3,6 (n = 24)",
            "/monitor/gebieden/GM0794",
        ),
        (
            Change(MOVED, n=0, mean=None),
            "Verbondenheid in Helmond heeft in november 2026 geen cijfer meer, was 3,1",
            "/monitor/gebieden/GM0794",
        ),
    ],
)
def test_news_is_told_in_dutch(event: Contract, text: str, href: str) -> None:
    sentence = entry_of(event).sentence(event, Names(KNOWN))
    assert (sentence.text, sentence.href) == (text, href)


@pytest.mark.parametrize("event", NEWS, ids=lambda event: event.type)
def test_a_sentence_needs_no_name_that_it_does_not_mention(event: Contract) -> None:
    entry = entry_of(event)
    found = {key: name for key, name in KNOWN.items() if key[1] in entry.mentions(event)}
    assert entry.sentence(event, Names(found)) == entry.sentence(event, Names(KNOWN))


def test_what_has_no_name_yet_is_told_by_its_id() -> None:
    assert entry_of(PHASE).sentence(PHASE, Names()).text == "sociale-stad is nu in voorbereiding"
    moved = Change(MOVED, code="eigen-regie")
    assert entry_of(moved).sentence(moved, Names()).text.startswith("Eigen regie in GM0794 staat")
