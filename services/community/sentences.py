"""News told in Dutch, from the event and the names known by now: pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.contracts import Contract
from shared.contracts.community import DialogueHeld, DialoguePlanned, DialogueWithdrawn, OrganisationRegistered
from shared.contracts.finance import BudgetFindingPublished, CommitmentMade, DisbursementMade
from shared.contracts.initiatives import InitiativePhaseChanged, InitiativeRegistered, LessonDrawn
from shared.contracts.money import euro
from shared.contracts.monitor import (
    AggregateMoved,
    BaselineRecorded,
    EditionPublished,
    GoalJudged,
    ObservationsImported,
)
from shared.contracts.vocabulary import Phase, SourceKind, Verdict
from shared.web.dutch import decimal, dutch_date, month, whole, words

#: Names by kind and id; what is missing is told by its id.
Names = Mapping[tuple[str, str], str]

_PHASES = {
    Phase.EXPLORING: "in verkenning",
    Phase.PREPARING: "in voorbereiding",
    Phase.RUNNING: "in uitvoering",
    Phase.EMBEDDING: "in borging",
    Phase.COMPLETED: "afgerond",
    Phase.STOPPED: "gestopt",
}
_VERDICTS = {
    Verdict.REACHED: "Doel gehaald",
    Verdict.MISSED: "Doel niet gehaald",
    Verdict.UNDER_WAY: "Doel weer open",
    Verdict.UNKNOWN: "Niet meer bekend of het doel is gehaald",
}
_SOURCES = {
    SourceKind.DIALOGUE: "dialogen",
    SourceKind.SURVEY: "enquêtes",
    SourceKind.GGD: "de GGD",
    SourceKind.OPEN_DATA: "open data",
}


@dataclass(frozen=True, slots=True)
class Told:
    """News for people: what kind it is, the sentence, and where to read on."""

    label: str
    text: str
    href: str


def mentions(event: Contract) -> frozenset[str]:
    """The ids whose names the sentence needs."""
    match event:
        case InitiativePhaseChanged() | LessonDrawn():
            return frozenset((event.initiative,))
        case DialoguePlanned() | DialogueHeld() | DialogueWithdrawn():
            return frozenset((event.municipality, event.organiser))
        case CommitmentMade() | DisbursementMade():
            return frozenset((event.line, event.recipient, *([event.initiative] if event.initiative else [])))
        case AggregateMoved():
            return frozenset((event.code, event.area))
        case _:
            return frozenset()


def tell(event: Contract, names: Names) -> Told:
    """Tell an event that is news."""
    match event:
        case InitiativeRegistered():
            return Told("Initiatief", f"{event.title} doet mee aan het programma", _initiative(event.initiative))
        case InitiativePhaseChanged():
            name = _name(names, "initiative", event.initiative)
            return Told("Fase", f"{name} is nu {_PHASES[event.phase]}", _initiative(event.initiative))
        case LessonDrawn():
            name = _name(names, "initiative", event.initiative)
            failed = "" if event.worked else " (werkte niet)"
            return Told("Les", f"Les uit {name}: {event.title}{failed}", _initiative(event.initiative))
        case OrganisationRegistered():
            return Told("Organisatie", f"{event.name} doet mee in het netwerk", "/netwerk")
        case DialoguePlanned() | DialogueHeld() | DialogueWithdrawn():
            return Told("Dialoog", _dialogue(event, names), f"/dialogen/{event.dialogue}")
        case CommitmentMade():
            purse = f" uit ‘{_name(names, 'budget-line', event.line)}’"
            return Told("Toezegging", _payment("toegezegd", event, names) + purse, "/financien")
        case DisbursementMade():
            return Told("Uitbetaling", _payment("betaald", event, names), "/financien")
        case BudgetFindingPublished():
            return Told("Begroting", f"Bevinding bij de begroting: {event.title}", "/financien")
        case BaselineRecorded():
            return Told("Nulmeting", event.statement, "/monitor")
        case AggregateMoved():
            return Told("Cijfer", _figure(event, names), f"/monitor/gebieden/{event.area}")
        case ObservationsImported():
            return Told("Cijfers", _imported(event), "/monitor/waarnemingen")
        case EditionPublished():
            return Told("Editie", f"Editie van de monitor: {event.title}", f"/monitor/edities/{event.edition}")
        case GoalJudged():
            return Told("Doel", f"{_VERDICTS[event.verdict]}: {event.title}", "/monitor/impact")
        case _:
            raise ValueError(f"{event.type} is not news")


def _dialogue(event: DialoguePlanned | DialogueHeld | DialogueWithdrawn, names: Names) -> str:
    place = _name(names, "area", event.municipality)
    match event:
        case DialoguePlanned():
            organiser = _name(names, "organisation", event.organiser)
            return f"Dialoog gepland in {place} op {dutch_date(event.planned_on)}, door {organiser}"
        case DialogueHeld():
            people = f", met {_people(event.participants)}" if event.participants is not None else ""
            topics = f" over {_and(map(words, event.topics))}" if event.topics else ""
            return f"Dialoog gehouden in {place}{topics}{people}"
        case DialogueWithdrawn(was_held=True):
            return f"Dialoog in {place} ingetrokken: de uitkomst telt niet meer mee"
        case _:
            return f"Geplande dialoog in {place} ingetrokken"


def _payment(verb: str, event: CommitmentMade | DisbursementMade, names: Names) -> str:
    goal = f" voor {_name(names, 'initiative', event.initiative)}" if event.initiative else ""
    return f"{euro(event.amount_cents)} {verb} aan {_name(names, 'organisation', event.recipient)}{goal}"


def _figure(event: AggregateMoved, names: Names) -> str:
    """A theme is called by its code, as is an indicator whose name has not arrived."""
    name = names.get(("indicator", event.code)) or words(event.code).capitalize()
    where = f"{name} in {_name(names, 'area', event.area)}"
    was = "" if event.previous_mean is None else f", was {decimal(event.previous_mean)}"
    if event.mean is None:
        return f"{where} heeft in {month(event.period)} geen cijfer meer{was}"
    return f"{where} staat in {month(event.period)} op {decimal(event.mean)} (n = {event.n}){was}"


def _imported(event: ObservationsImported) -> str:
    count = "1 waarneming" if event.rows == 1 else f"{whole(event.rows)} waarnemingen"
    return f"{count} ingelezen uit {_and(_SOURCES[source] for source in event.sources)}"


def _name(names: Names, kind: str, id_: str) -> str:
    return names.get((kind, id_), id_)


def _initiative(id_: str) -> str:
    return f"/initiatieven/{id_}"


def _people(count: int) -> str:
    return f"{count} deelnemer" if count == 1 else f"{count} deelnemers"


def _and(parts: Iterable[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} en {last}" if first else last
