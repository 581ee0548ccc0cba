"""Writes what is made from the code: pages in docs/, the word lists in GLOSSARY.md, and the menu. `make docs`."""

import inspect
import re
from importlib import import_module
from pathlib import Path

from prometheus_client import Counter, Gauge, Histogram

from services.monitor import metrics as monitor_metrics
from services.monitor.settings import MonitorSettings
from shared.contracts import CONTRACTS, TOPICS, Contract, stream_of, vocabulary
from shared.contracts.catalogue import CATALOGUE, Entry, Names, No
from shared.contracts.term import Term
from shared.observability import metrics
from shared.web import menu
from shared.web.menu import MenuEntry

from .local import SERVICES

ROOT = Path(__file__).parents[1]
#: Between these lines of GLOSSARY.md stand the word lists.
_BEGIN, _END = "<!-- word lists: made by `make docs` -->", "<!-- end of the word lists -->"


def files() -> dict[str, str]:
    """Every generated file by its path."""
    return {
        "docs/events.md": events(),
        "docs/metrics.md": metrics_page(),
        "docs/settings.md": settings(),
        "shared/web/menu.toml": menu.render(entry for service in SERVICES for entry in menu_of(service)),
        "GLOSSARY.md": glossary((ROOT / "GLOSSARY.md").read_text(encoding="utf-8")),
    }


def menu_of(service: str) -> tuple[MenuEntry, ...]:
    """What a service offers for the menu and the footer."""
    entries: tuple[MenuEntry, ...] = import_module(f"services.{service}.app").MENU
    return entries


def glossary(text: str) -> str:
    """The glossary with its word lists made anew. Raises ValueError when it does not mark where they stand."""
    before, begin, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise ValueError("GLOSSARY.md does not mark where its word lists stand")
    lines = ["| in the code | in the interface | what it is | its words |", "|---|---|---|---|"]
    for terms in word_lists():
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", terms.__name__).lower()
        words = ", ".join(f"`{term}` {term.dutch}" for term in terms)
        lines.append(f"| {name} | {terms.list_name} | {terms.list_meaning} | {words} |")
    return "\n".join((before + begin, *lines, end + after))


def word_lists() -> list[type[Term]]:
    """The word lists of the published language, in the order of their file."""
    found = (item for item in vars(vocabulary).values() if isinstance(item, type) and issubclass(item, Term))
    return [item for item in found if item is not Term]


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
    """Write the files."""
    for name, text in files().items():
        (ROOT / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
