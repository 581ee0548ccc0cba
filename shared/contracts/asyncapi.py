"""Writes asyncapi.json, the AsyncAPI 3.0 document of the public topics: `python -m shared.contracts.asyncapi`."""

import re
from collections.abc import Iterable
from pathlib import Path

import msgspec

from . import CONTENT_TYPE, CONTRACTS, PUBLIC_TOPICS, TOPICS, CloudEvent, Contract
from .catalogue import CATALOGUE, Json, example

PATH = Path(__file__).with_name("asyncapi.json")

_SCHEMAS = "#/components/schemas/"
_KAFKA = "0.5.0"
_FORMATS: dict[str, Json] = {
    "source": {"format": "uri-reference", "pattern": r"^urn:nld:oin:[0-9]{20}:systeem:[a-z-]+$"},
    "time": {"format": "date-time"},
    "dataschema": {"format": "uri"},
    "sequence": {"pattern": "^[1-9][0-9]*$"},
}
_DESCRIPTION = """\
Every public event of the programme Versterken Sociale Veerkracht, on Kafka.

An event is a CloudEvent 1.0 with the NL GOV profile, in structured mode. `sequence` is contiguous per `source`, from 1:
a reader that misses a number misses an event. Events of one key keep their order. Delivery is at least once: an event
that comes twice has the same `id`. Topics keep everything. Contracts change additively: ignore fields and types that
you do not know.

The first record of each partition is no event: it is of the type `nl.veerkracht.log.opened.v1`, without `sequence`, and
its `id` is the identity of that log. Keep it with your offsets: when it is another one, the topic was made again, your
offsets mean nothing in it, and you read it from its beginning.

The same events can be read over HTTP: see /feeds on the platform. Internal topics are left out of this document:
they carry small counts that may point at people, and partners cannot read them."""


def document() -> Json:
    """The document; the same contracts always give the same document."""
    public = {name: contract for name, contract in sorted(CONTRACTS.items()) if contract.topic in PUBLIC_TOPICS}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Veerkracht",
            "version": "1.0.0",
            "description": _DESCRIPTION,
            "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/nl/"},
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {
            "kafka": {
                "host": "kafka.veerkracht.example:9093",
                "protocol": "kafka-secure",
                "description": "A placeholder: each partner gets an address, a user and read access from the operator.",
                "security": [{"$ref": "#/components/securitySchemes/partner"}],
            }
        },
        "channels": {topic: _channel(topic, public) for topic in sorted(PUBLIC_TOPICS)},
        "operations": {f"publish.{topic}": _operation(topic, public) for topic in sorted(PUBLIC_TOPICS)},
        "components": {
            "messages": {name: _message(contract) for name, contract in public.items()},
            "schemas": _schemas(public.values()),
            "securitySchemes": {
                "partner": {"type": "scramSha512", "description": "A user per partner, that may only read."}
            },
        },
    }


def render() -> bytes:
    """The document as the file has it."""
    return msgspec.json.format(msgspec.json.encode(document()), indent=2) + b"\n"


def _channel(topic: str, public: dict[str, type[Contract]]) -> Json:
    mine = [name for name, contract in public.items() if contract.topic == topic]
    return {
        "address": topic,
        "title": topic,
        "summary": f"Published by the {topic.partition('.')[0]} service.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in mine},
        "bindings": {
            "kafka": {
                "topic": topic,
                "partitions": TOPICS[topic].partitions,
                "topicConfiguration": {"retention.ms": -1},
                "bindingVersion": _KAFKA,
            }
        },
    }


def _operation(topic: str, public: dict[str, type[Contract]]) -> Json:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{topic}"},
        "summary": f"The {topic.partition('.')[0]} service publishes to {topic}.",
        "messages": [
            {"$ref": f"#/channels/{topic}/messages/{name}"}
            for name, contract in public.items()
            if contract.topic == topic
        ],
    }


def _message(contract: type[Contract]) -> Json:
    rest = (contract.__doc__ or "").partition("\n")[2]
    return {
        "name": contract.type,
        "title": re.sub(r"(?<=[a-z])(?=[A-Z])", " ", contract.__name__).capitalize(),
        "summary": CATALOGUE[contract.type].summary,
        **({"description": " ".join(rest.split())} if rest.strip() else {}),
        "contentType": CONTENT_TYPE,
        "correlationId": {"location": "$message.payload#/correlationid"},
        "headers": {
            "type": "object",
            "properties": {"content-type": {"const": CONTENT_TYPE}},
            "required": ["content-type"],
        },
        "payload": {
            "allOf": [
                {"$ref": f"{_SCHEMAS}CloudEvent"},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": contract.type},
                        "subject": {"type": "string", "pattern": f"^{contract.kind}/"},
                        "data": {"$ref": f"{_SCHEMAS}{contract.__name__}"},
                    },
                },
            ]
        },
        "examples": [{"name": contract.type, "payload": example(contract.type)}],
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": f"The id of the {contract.kind}, as in `partitionkey`."},
                "bindingVersion": _KAFKA,
            }
        },
    }


def _schemas(contracts: Iterable[type[Contract]]) -> Json:
    _, found = msgspec.json.schema_components([CloudEvent, *contracts], ref_template=_SCHEMAS + "{name}")
    schemas: Json = dict(sorted(found.items()))
    schemas["CloudEvent"] = _envelope(found["CloudEvent"])
    return schemas


def _envelope(schema: Json) -> Json:
    """What we write is stricter than what we would read."""
    properties = msgspec.convert(schema["properties"], dict[str, Json])
    for name, more in _FORMATS.items():
        properties[name] = {**properties[name], **more}
    return {**schema, "properties": properties, "required": [name for name in properties if name != "causationid"]}


def main() -> None:
    """Write the document."""
    PATH.write_bytes(render())


if __name__ == "__main__":
    main()
