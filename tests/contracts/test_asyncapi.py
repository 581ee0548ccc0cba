"""asyncapi.json: what it must say, and that it says what the contracts say."""

import json
from collections.abc import Iterator
from functools import reduce
from typing import cast

import jsonschema_rs
import pytest

from shared.contracts import CONTRACTS, PUBLIC_TOPICS, TOPICS
from shared.contracts.asyncapi import PATH, render
from shared.contracts.catalogue import Json, example

PUBLIC = sorted(name for name, contract in CONTRACTS.items() if TOPICS[contract.topic].public)
INTERNAL = sorted(CONTRACTS.keys() - set(PUBLIC))


@pytest.fixture(scope="module")
def document() -> Json:
    return cast(Json, json.loads(PATH.read_bytes()))


def walk(node: object) -> Iterator[object]:
    yield node
    if isinstance(node, dict):
        for child in node.values():
            yield from walk(child)
    elif isinstance(node, list):
        for child in node:
            yield from walk(child)


def at(document: object, reference: str) -> object:
    """What a local `$ref` points at. Raises KeyError when it points nowhere."""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in reference.removeprefix("#/").split("/")]
    return reduce(lambda node, part: cast(Json, node)[part], parts, document)


def references(document: object) -> list[str]:
    return [cast(str, node["$ref"]) for node in walk(document) if isinstance(node, dict) and "$ref" in node]


def test_the_file_is_what_the_contracts_give() -> None:
    assert PATH.read_bytes() == render(), "run: python -m shared.contracts.asyncapi"


def test_every_reference_resolves(document: Json) -> None:
    found = references(document)
    assert len(found) > len(PUBLIC)
    for reference in found:
        assert reference.startswith("#/")
        assert at(document, reference) is not None


def test_a_reference_to_nowhere_is_noticed(document: Json) -> None:
    with pytest.raises(KeyError):
        at(document, "#/components/schemas/Nowhere")


def test_exactly_the_public_topics_and_types_are_in_it(document: Json) -> None:
    assert document["asyncapi"] == "3.0.0"
    assert sorted(cast(Json, document["channels"])) == sorted(PUBLIC_TOPICS)
    assert sorted(cast(Json, at(document, "#/components/messages"))) == PUBLIC


def test_nothing_internal_is_in_it() -> None:
    text = PATH.read_text(encoding="utf-8")
    assert INTERNAL
    for type_ in INTERNAL:
        assert f'"{type_}"' not in text
        assert f'"{CONTRACTS[type_].__name__}"' not in text
        assert f'"{CONTRACTS[type_].topic}"' not in text


def test_every_public_type_is_in_one_channel_and_its_operation(document: Json) -> None:
    for type_ in PUBLIC:
        topic = CONTRACTS[type_].topic
        assert type_ in cast(Json, at(document, f"#/channels/{topic}/messages"))
        sent = cast(list[Json], at(document, f"#/operations/publish.{topic}/messages"))
        assert {"$ref": f"#/channels/{topic}/messages/{type_}"} in sent


def test_a_channel_has_the_partitions_of_its_topic(document: Json) -> None:
    for topic in PUBLIC_TOPICS:
        assert at(document, f"#/channels/{topic}/bindings/kafka/partitions") == TOPICS[topic].partitions


def validator(document: Json, type_: str) -> jsonschema_rs.Validator:
    payload = cast(Json, at(document, f"#/components/messages/{type_}/payload"))
    return jsonschema_rs.Draft7Validator({**payload, "components": document["components"]}, validate_formats=True)


@pytest.mark.parametrize("type_", PUBLIC)
def test_the_example_of_a_type_fits_its_schema(document: Json, type_: str) -> None:
    validator(document, type_).validate(example(type_))


@pytest.mark.parametrize("type_", PUBLIC)
def test_a_schema_refuses_an_event_of_another_type_source_or_shape(document: Json, type_: str) -> None:
    check = validator(document, type_)
    event = example(type_)
    wrongs: list[Json] = [{"type": "nl.veerkracht.other.v1"}, {"source": "urn:x"}, {"sequence": "0"}, {"data": {}}]
    for wrong in wrongs:
        assert not check.is_valid({**event, **wrong})
    assert not check.is_valid({name: value for name, value in event.items() if name != "specversion"})
