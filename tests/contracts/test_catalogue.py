"""The event catalogue answers every question of every event type."""

import re
from types import ModuleType
from typing import ClassVar

import pytest

from deploy.local import ROOT
from shared.contracts import CONTRACTS, TOPICS, Contract, catalogue
from shared.contracts.catalogue import CATALOGUE, Concerns, Entry, Names, News, No, entries
from shared.contracts.vocabulary import TriggerReason

TYPES = sorted(CONTRACTS)


def one_sentence(text: str) -> bool:
    return re.fullmatch(r"[A-Z].{10,}\.", text) is not None


def unanswered(contract: type[Contract], known: dict[str, Entry[Contract]]) -> list[str]:
    """What the catalogue does not say of a type, or says wrongly."""
    entry = known.get(contract.type)
    if entry is None:
        return ["it has no entry: see docs/how-to/add-an-event.md"]
    try:
        example = entry.example()
    except FileNotFoundError as error:
        return [f"it has no example: {error.filename}"]
    wrong = []
    if not one_sentence(entry.meaning):
        wrong.append("its meaning is not a Dutch sentence with a full stop")
    if not entry.summary or contract.__doc__ == Contract.__doc__:
        wrong.append("its contract has no docstring of its own")
    if entry.name is not None and not entry.name(example):
        wrong.append("it gives an empty name")
    return [*wrong, *_news(entry, example), *_trigger(entry), *_concerns(entry.concerns(example), example)]


def _news(entry: Entry[Contract], example: Contract) -> list[str]:
    if isinstance(entry.news, No):
        return [] if one_sentence(entry.news.reason) else ["it does not say why the activity does not tell it"]
    if not entry.is_news(example):
        return ["its example is no news: nobody can see how it is told"]
    sentence = entry.sentence(example, Names())
    told = sentence.label and sentence.text and sentence.href.startswith("/")
    return [] if told else [f"its sentence is not whole: {sentence}"]


def _trigger(entry: Entry[Contract]) -> list[str]:
    if isinstance(entry.trigger, No):
        return [] if one_sentence(entry.trigger.reason) else ["it does not say why it raises no trigger"]
    return [] if isinstance(entry.news, News) else ["it raises a trigger that the activity does not tell"]


def _concerns(concerns: Concerns, example: Contract) -> list[str]:
    """What it concerns is what it says: an event invents no initiative, area or organisation."""
    said = repr(example)
    ids = [concerns.initiative or "", *concerns.areas, *concerns.organisations]
    wrong = [f"it concerns {id_}, of which it does not say anything" for id_ in ids if id_ and repr(id_) not in said]
    if len(set(concerns.areas)) < len(concerns.areas):
        wrong.append("it concerns an area twice")
    if any(not area.startswith("GM") for area in concerns.municipalities):
        wrong.append("it takes for a municipality what is none")
    return wrong


@pytest.mark.parametrize("type_", TYPES)
def test_the_catalogue_answers_every_question_of_a_type(type_: str) -> None:
    assert unanswered(CONTRACTS[type_], dict(CATALOGUE)) == []


@pytest.mark.parametrize("type_", TYPES)
def test_an_event_has_a_colour_of_its_kind(type_: str) -> None:
    style = (ROOT / "shared" / "web" / "static" / "style.css").read_text(encoding="utf-8")
    assert f'[data-type*=".{type_.split(".")[2]}."]' in style


def test_the_catalogue_has_no_type_without_a_contract() -> None:
    assert {name: entry.contract for name, entry in CATALOGUE.items()} == dict(CONTRACTS)


def test_every_reason_for_a_trigger_is_that_of_one_type() -> None:
    reasons = [entry.trigger for entry in CATALOGUE.values() if isinstance(entry.trigger, TriggerReason)]
    assert sorted(reasons) == sorted(TriggerReason)


def test_a_type_stands_in_the_catalogue_once() -> None:
    again = ModuleType("again")
    vars(again)["AGAIN"] = catalogue.community.DIALOGUE_HELD
    with pytest.raises(ValueError, match="stands in the catalogue twice"):
        entries(catalogue.community, again)


class OrganisationForgotten(Contract, frozen=True, kw_only=True):
    """A contract that nobody put in the catalogue."""

    type: ClassVar[str] = "nl.veerkracht.organisation.forgotten.v1"
    topic: ClassVar[str] = "community.organisations"
    kind: ClassVar[str] = "organisation"
    key_field: ClassVar[str] = "organisation"

    organisation: str


def forgotten(meaning: str, concerns: Concerns, trigger: TriggerReason | No) -> Entry[Contract]:
    """An entry of a type that has an example, with something wrong."""
    entry = CATALOGUE["nl.veerkracht.organisation.registered.v1"]
    return Entry(entry.contract, meaning=meaning, concerns=lambda _: concerns, news=No(""), trigger=trigger)


def test_control_a_contract_without_an_entry_or_with_half_of_one_is_found() -> None:
    assert OrganisationForgotten.type not in CATALOGUE
    assert unanswered(OrganisationForgotten, dict(CATALOGUE)) == ["it has no entry: see docs/how-to/add-an-event.md"]
    entry = forgotten("Zonder punt", Concerns("x", municipalities=("zet",)), TriggerReason.PHASE_REACHED)
    assert unanswered(entry.contract, {entry.contract.type: entry}) == [
        "its meaning is not a Dutch sentence with a full stop",
        "it does not say why the activity does not tell it",
        "it raises a trigger that the activity does not tell",
        "it concerns x, of which it does not say anything",
        "it takes for a municipality what is none",
    ]
    assert TOPICS[OrganisationForgotten.topic].public
