"""What the events of the community service mean, whom they concern and how they are told."""

from ...web.dutch import dutch_date, enumeration, words
from ..community import (
    DialogueFindingsRecorded,
    DialogueFindingsWithdrawn,
    DialogueHeld,
    DialoguePlanned,
    DialogueWithdrawn,
    NewsletterTriggerRaised,
    OrganisationChanged,
    OrganisationCorrected,
    OrganisationRegistered,
    OrganisationWithdrawn,
)
from ..vocabulary import TriggerReason
from .entry import NOT_NEWS, Concerns, Entry, Names, News, No

_AnyOrganisation = OrganisationRegistered | OrganisationCorrected | OrganisationChanged | OrganisationWithdrawn


def _organisation_concerns(event: _AnyOrganisation) -> Concerns:
    return Concerns(organisations=(event.organisation,))


def _organisation_registered(event: OrganisationRegistered, _: Names) -> str:
    return f"{event.name} doet mee in het netwerk"


def _organisation_corrected(event: OrganisationCorrected, _: Names) -> str:
    return f"Gegevens van {event.name} verbeterd: {event.reason.dutch}"


def _organisation_changed(event: OrganisationChanged, _: Names) -> str:
    return f"{event.name} heeft sinds {dutch_date(event.since)} deze naam en soort"


def _organisation_withdrawn(event: OrganisationWithdrawn, _: Names) -> str:
    return f"{event.name} doet niet meer mee in het netwerk: {event.reason.dutch}"


def _organisation_name(event: _AnyOrganisation) -> str:
    return event.name


def _network(_: _AnyOrganisation) -> str:
    return "/netwerk"


ORGANISATION_REGISTERED = Entry(
    OrganisationRegistered,
    meaning="Een organisatie doet mee.",
    concerns=_organisation_concerns,
    news=News("Organisatie", _organisation_registered, _network),
    trigger=No("Who takes part stands in the network; the newsletter tells what they do."),
    name=_organisation_name,
)

ORGANISATION_CORRECTED = Entry(
    OrganisationCorrected,
    meaning="Wat van een organisatie bekend was, klopte niet.",
    concerns=_organisation_concerns,
    news=News("Organisatie", _organisation_corrected, _network),
    trigger=No("A mistake that was mended is no news for the newsletter."),
    name=_organisation_name,
)

ORGANISATION_CHANGED = Entry(
    OrganisationChanged,
    meaning="Een organisatie heet vanaf een dag anders, of is van een andere soort.",
    concerns=_organisation_concerns,
    news=News("Organisatie", _organisation_changed, _network),
    trigger=No("Who takes part stands in the network; the newsletter tells what they do."),
    name=_organisation_name,
)

ORGANISATION_WITHDRAWN = Entry(
    OrganisationWithdrawn,
    meaning="Een organisatie doet niet meer mee; wat haar noemde, houdt haar naam.",
    concerns=_organisation_concerns,
    news=News("Organisatie", _organisation_withdrawn, _network),
    trigger=No("Who takes part stands in the network; the newsletter tells what they do."),
    name=_organisation_name,
)


def _dialogue_concerns(event: DialoguePlanned | DialogueHeld | DialogueWithdrawn) -> Concerns:
    return Concerns(event.initiative, (event.municipality,), themes=event.themes, organisations=(event.organiser,))


def _dialogue_page(event: DialoguePlanned | DialogueHeld | DialogueWithdrawn) -> str:
    return f"/dialogen/{event.dialogue}"


def _dialogue_planned(event: DialoguePlanned, names: Names) -> str:
    place, organiser = names.of("area", event.municipality), names.of("organisation", event.organiser)
    return f"Dialoog gepland in {place} op {dutch_date(event.planned_on)}, door {organiser}"


def _dialogue_held(event: DialogueHeld, names: Names) -> str:
    people = "" if event.participants is None else f", met {_people(event.participants)}"
    topics = f" over {enumeration(map(words, event.topics))}" if event.topics else ""
    return f"Dialoog gehouden in {names.of('area', event.municipality)}{topics}{people}"


def _people(count: int) -> str:
    return f"{count} deelnemer" if count == 1 else f"{count} deelnemers"


def _dialogue_withdrawn(event: DialogueWithdrawn, names: Names) -> str:
    place = names.of("area", event.municipality)
    if event.was_held:
        return f"Dialoog in {place} ingetrokken: de uitkomst telt niet meer mee"
    return f"Geplande dialoog in {place} ingetrokken"


DIALOGUE_PLANNED = Entry(
    DialoguePlanned,
    meaning="Een dialoog is gepland.",
    concerns=_dialogue_concerns,
    news=News("Dialoog", _dialogue_planned, _dialogue_page),
    trigger=No("Plans change: the newsletter tells of a dialogue when it has been held."),
)

DIALOGUE_HELD = Entry(
    DialogueHeld,
    meaning="Een dialoog is gehouden.",
    concerns=_dialogue_concerns,
    news=News("Dialoog", _dialogue_held, _dialogue_page),
    trigger=TriggerReason.DIALOGUE_HELD,
)

DIALOGUE_WITHDRAWN = Entry(
    DialogueWithdrawn,
    meaning="Een dialoog telt niet meer mee.",
    concerns=_dialogue_concerns,
    news=News("Dialoog", _dialogue_withdrawn, _dialogue_page),
    trigger=No("It takes back: the trigger that the dialogue raised is marked as withdrawn."),
)


def _recorded_concerns(event: DialogueFindingsRecorded) -> Concerns:
    return Concerns(municipalities=(event.municipality,))


def _findings_withdrawn_concerns(_: DialogueFindingsWithdrawn) -> Concerns:
    return Concerns()


DIALOGUE_FINDINGS_RECORDED = Entry(
    DialogueFindingsRecorded,
    meaning="De scores van een dialoog zijn vastgelegd, voor de monitor.",
    concerns=_recorded_concerns,
    news=No("Internal: small counts may point at people. The public dialogue.held is told."),
    trigger=NOT_NEWS,
)

DIALOGUE_FINDINGS_WITHDRAWN = Entry(
    DialogueFindingsWithdrawn,
    meaning="De scores van een dialoog tellen niet meer mee.",
    concerns=_findings_withdrawn_concerns,
    news=No("Internal, like the scores. The public dialogue.withdrawn is told."),
    trigger=NOT_NEWS,
)


def _trigger_concerns(event: NewsletterTriggerRaised) -> Concerns:
    place = () if event.municipality is None else (event.municipality,)
    return Concerns(event.initiative, place, themes=event.themes)


NEWSLETTER_TRIGGER_RAISED = Entry(
    NewsletterTriggerRaised,
    meaning="Er is iets gebeurd dat in de nieuwsbrief kan.",
    concerns=_trigger_concerns,
    news=No("It follows from an event that is told already."),
    trigger=NOT_NEWS,
)
