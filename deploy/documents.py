"""Writes docs/events.md, docs/metrics.md and docs/settings.md from the code: `make docs`."""

import inspect
from pathlib import Path

from prometheus_client import Counter, Gauge, Histogram

from services.monitor import metrics as monitor_metrics
from services.monitor.settings import MonitorSettings
from shared.contracts import CONTRACTS, TOPICS, Contract, stream_of
from shared.contracts.catalogue import CATALOGUE, Entry, Names, No
from shared.observability import metrics

FOLDER = Path(__file__).parents[1] / "docs"


def pages() -> dict[str, str]:
    """Every generated page by file name."""
    return {"events.md": events(), "metrics.md": metrics_page(), "settings.md": settings()}


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
            f"{made.partitions} partition(s), {access}. Source `…:systeem:{stream_of(topic)}`."
            + (" Compacted: after a week at least the newest event of each key stays." if made.compacted else ""),
        ]
        for contract in CONTRACTS.values():
            if contract.topic == topic:
                fields = ", ".join(f"`{name}`" for name in contract.__struct_encode_fields__)
                key = contract.__struct_encode_fields__[contract.__struct_fields__.index(contract.key_field)]
                about = " ".join((inspect.getdoc(contract) or "").split())
                lines += ["", f"### `{contract.type}`", "", about, "", f"Key `{key}`. Data: {fields}.", ""]
                lines += _catalogued(CATALOGUE[contract.type], names)
    return "\n".join(lines) + "\n"


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


def metrics_page() -> str:
    """Every metric."""
    lines = [
        "# Metrics",
        "",
        "Made by `make docs` from `shared/observability/metrics.py` and the services' own. Each API serves them at",
        "`/<service>/metrics`; each relay and worker at `/metrics` on its own port (`VEERKRACHT_OPS_PORT`).",
        "",
        "| metric | kind | labels | what it says |",
        "|---|---|---|---|",
    ]
    for item in (*vars(metrics).values(), *vars(monitor_metrics).values()):
        if isinstance(item, Counter | Gauge | Histogram):
            (described,) = item.describe()
            name = described.name + ("_total" if isinstance(item, Counter) else "")
            labels = ", ".join(f"`{label}`" for label in item._labelnames)
            lines.append(f"| `{name}` | {described.type} | {labels} | {described.documentation} |")
    return "\n".join(lines) + "\n"


def settings() -> str:
    """Every setting."""
    lines = [
        "# Settings",
        "",
        "Made by `make docs` from `shared/runtime/settings.py` and the services' own. A wrong setting stops the",
        "process and is named.",
        "",
        "| variable | default | what it is |",
        "|---|---|---|",
    ]
    # The monitor has all that the others have, and more.
    for name, field in MonitorSettings.model_fields.items():
        default = "" if field.default is None else f"`{field.default}`"
        lines.append(f"| `VEERKRACHT_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the pages."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
