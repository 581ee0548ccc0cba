"""docs/events.md: every event type by topic, from the contracts and their catalogue."""

import inspect
from collections.abc import Sequence

from shared.contracts import CONTRACTS, EVENT_TOPICS, TOPICS, Contract, stream_of
from shared.contracts.catalogue import CATALOGUE, Entry, Names, No


def events() -> str:
    """Every event type by topic."""
    lines = [
        "# Events",
        "",
        "Made by `make docs` from `shared/contracts` and its catalogue. Each type has an example in",
        "`shared/contracts/examples/`; `shared/contracts/asyncapi.json` has the schemas of the public ones. Sentences",
        "and what an event concerns are those of the example. A new one: `docs/how-to/add-an-event.md`.",
    ]
    names = _names()
    for topic, made in TOPICS.items():
        access = "public" if made.public else "internal: not for partners, not in the feeds"
        lines += [
            "",
            f"## `{topic}`",
            "",
            f"{made.partitions} partition(s), {access}. {_source(topic)}"
            + (" Compacted: after a week at least the newest record of each key stays." if made.compacted else "")
            + f" Written by {', '.join(made.writers)}; read by {_listed(made.readers)}.",
        ]
        for contract in CONTRACTS.values():
            if contract.topic == topic:
                fields = ", ".join(f"`{name}`" for name in contract.__struct_encode_fields__)
                key = contract.__struct_encode_fields__[contract.__struct_fields__.index(contract.key_field)]
                about = " ".join((inspect.getdoc(contract) or "").split())
                lines += ["", f"### `{contract.type}`", "", about, "", f"Key `{key}`. Data: {fields}.", ""]
                lines += _catalogued(CATALOGUE[contract.type], names)
    return "\n".join(lines) + "\n"


def _source(topic: str) -> str:
    return f"Source `…:systeem:{stream_of(topic)}`." if topic in EVENT_TOPICS else "It carries no events."


def _listed(readers: Sequence[str]) -> str:
    return ", ".join(f"`{reader}`" for reader in readers) or "none of ours"


def _names() -> Names:
    """What the ids in the examples are called."""
    named = [entry.name_of(entry.example()) for entry in CATALOGUE.values()]
    return Names({(name.kind, name.id): name.name for name in named if name is not None})


def _catalogued(entry: Entry[Contract], names: Names) -> list[str]:
    """What the catalogue says of a type."""
    example = entry.example()
    concerns = entry.concerns(example)
    parts = ("initiative", "areas", "themes", "organisations")
    about = ", ".join(part for part in parts if getattr(concerns, part)) or "the programme as a whole"
    lines = [f"- Meaning: {entry.meaning}", f"- Concerns: {about}."]
    if isinstance(entry.news, No):
        lines.append(f"- Not in the activity. {entry.news.reason}")
    else:
        sentence = entry.sentence(example, names)
        lines.append(f"- In the activity: {sentence.label}: “{sentence.text}”, with a link to `{sentence.href}`.")
    if isinstance(entry.trigger, No):
        lines.append(f"- No newsletter trigger. {entry.trigger.reason}")
    else:
        lines.append(f"- Can raise a newsletter trigger: `{entry.trigger}`.")
    return lines
