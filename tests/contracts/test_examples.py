"""Golden examples: what publishers say and readers understand, checked by our decoder and by the CloudEvents SDK."""

import json
import re
from datetime import UTC
from itertools import pairwise

import msgspec
import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_structured_event
from cloudevents.core.v1.event import REQUIRED_ATTRIBUTES

from shared.contracts import CONTENT_TYPE, CONTRACTS, HEADERS, TOPICS, CloudEvent, schema_path, source, stream_of
from shared.contracts.catalogue import EXAMPLES, example
from shared.contracts.example_file import example_of
from shared.projections.decoding import Delivered, decoder_of, identify

TYPES = sorted(CONTRACTS)
OIN = "00000099000000001000"


def raw(type_: str) -> bytes:
    return (EXAMPLES / f"{type_}.json").read_bytes()


decode = decoder_of(tuple(CONTRACTS.values())).decode


def delivered(type_: str) -> Delivered:
    event = decode(raw(type_))
    assert isinstance(event, Delivered)
    return event


def test_every_contract_has_an_example_and_every_example_a_contract() -> None:
    assert sorted(path.stem for path in EXAMPLES.glob("*.json")) == TYPES


@pytest.mark.parametrize("type_", TYPES)
def test_an_example_decodes_into_its_contract_and_encodes_back_to_the_same_data(type_: str) -> None:
    event = delivered(type_)
    assert type(event.data) is CONTRACTS[type_]
    assert json.loads(msgspec.json.encode(event.data)) == example(type_)["data"]


@pytest.mark.parametrize("type_", TYPES)
def test_an_example_is_the_whole_envelope_as_the_relay_writes_it(type_: str) -> None:
    envelope = msgspec.json.decode(raw(type_), type=CloudEvent)
    written = json.loads(msgspec.json.encode(envelope))
    assert written == example(type_)


@pytest.mark.parametrize("type_", TYPES)
def test_the_attributes_of_an_example_agree_with_its_data(type_: str) -> None:
    event = delivered(type_)
    contract = CONTRACTS[type_]
    attributes = example(type_)
    assert identify(raw(type_)).subject == event.data.subject
    assert attributes["partitionkey"] == event.data.key
    assert event.source == source(OIN, stream_of(contract.topic))
    assert str(attributes["dataschema"]).endswith(schema_path(type_))
    assert event.sequence >= 1
    assert event.time.tzinfo is UTC


@pytest.mark.parametrize("type_", TYPES)
def test_the_cloudevents_sdk_reads_the_same_event(type_: str) -> None:
    # The SDK fills in what is missing, so presence is checked on the text itself.
    assert set(REQUIRED_ATTRIBUTES) <= example(type_).keys()
    theirs = from_structured_event(KafkaMessage(headers=dict(HEADERS), key=None, value=raw(type_)))
    ours = delivered(type_)
    assert (theirs.get_id(), theirs.get_source(), theirs.get_type()) == (ours.id, ours.source, ours.type)
    assert (theirs.get_subject(), theirs.get_time()) == (ours.data.subject, ours.time)
    assert theirs.get_specversion() == "1.0"
    assert theirs.get_datacontenttype() == "application/json"
    assert theirs.get_extension("sequence") == str(ours.sequence)
    assert theirs.get_data() == example(type_)["data"]
    # CloudEvents: attribute names are lower-case letters and digits.
    assert all(re.fullmatch("[a-z0-9]+", name) for name in theirs.get_attributes())


@pytest.mark.parametrize("type_", TYPES)
def test_an_example_fits_in_64_kb(type_: str) -> None:
    assert len(raw(type_)) <= 64 * 1024


def test_ids_and_sequence_numbers_are_not_used_twice() -> None:
    events = [delivered(type_) for type_ in TYPES]
    assert len({event.id for event in events}) == len(events)
    assert len({(event.source, event.sequence) for event in events}) == len(events)


def test_within_a_source_time_follows_sequence() -> None:
    events = sorted((delivered(type_) for type_ in TYPES), key=lambda event: (event.source, event.sequence))
    for earlier, later in pairwise(events):
        assert earlier.source != later.source or earlier.time <= later.time


def test_a_cause_was_said_before_what_follows_from_it() -> None:
    events = {delivered(type_).id: delivered(type_) for type_ in TYPES}
    caused = [
        (cause, id_) for id_, event in events.items() if (cause := json.loads(event.raw).get("causationid")) is not None
    ]
    assert caused
    # What is internal is said with the public event that it follows from.
    assert all(events[str(cause)].time <= events[effect].time for cause, effect in caused)


def test_what_is_internal_is_told_as_the_public_event_that_it_follows_from() -> None:
    recorded, held = (delivered(f"nl.veerkracht.dialogue.{verb}.v1") for verb in ("findings-recorded", "held"))
    assert (recorded.told_as, held.told_as) == (held.id, held.id)
    assert recorded.cause(recorded.time).causation_id == held.id
    before = msgspec.json.encode({**json.loads(recorded.raw), "causationid": None})
    old = decode(before)
    assert old is not None and old.told_as == recorded.id


@pytest.mark.parametrize("type_", TYPES)
def test_a_type_is_a_reverse_dns_name_with_one_version(type_: str) -> None:
    assert re.fullmatch(r"nl\.veerkracht\.[a-z-]+(\.[a-z-]+)*\.v\d+", type_)


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_a_source_is_a_urn_with_the_organisation_number(topic: str) -> None:
    assert re.fullmatch(r"urn:nld:oin:\d{20}:systeem:[a-z-]+", source(OIN, stream_of(topic)))


def test_structured_mode_says_so_in_the_record_header() -> None:
    assert [("content-type", CONTENT_TYPE.encode())] == HEADERS


@pytest.mark.parametrize("type_", TYPES)
def test_a_reader_ignores_fields_it_does_not_know(type_: str) -> None:
    event = example(type_)
    newer = {**event, "newattribute": "x", "data": {**msgspec.convert(event["data"], dict[str, object]), "newField": 1}}
    read = decode(json.dumps(newer).encode())
    assert isinstance(read, Delivered)
    assert read.data == delivered(type_).data


def test_a_new_example_follows_on_those_of_its_source_and_breaks_no_contract() -> None:
    type_ = "nl.veerkracht.organisation.registered.v1"
    written = example_of(type_, b'{"organisation": "pon", "name": "PON", "organisationKind": "knowledge"}')
    before = [event for event in map(delivered, TYPES) if event.source == written.source]
    assert int(written.sequence) == max(event.sequence for event in before) + 1
    assert written.time > max(event.time for event in before)
    assert (written.subject, written.partitionkey) == ("organisation/pon", "pon")
    read = decode(msgspec.json.encode(written))
    assert isinstance(read, Delivered) and read.type == type_
    with pytest.raises(msgspec.ValidationError):
        example_of(type_, b'{"organisation": "pon"}')
