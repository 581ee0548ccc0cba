"""Answers about the event types."""

from shared.http.bodies import View


class TypeView(View):
    """An event type, the Kafka topic it is on, the kind in its subject and where its schema is."""

    type: str
    topic: str
    kind: str
    description: str
    schema_url: str


class Types(View):
    """Every public event type."""

    items: list[TypeView]
