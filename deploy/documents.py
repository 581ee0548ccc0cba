"""Writes docs/errors.md, docs/events.md, docs/metrics.md and docs/settings.md from the code: `make docs`."""

import inspect
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from prometheus_client import Counter, Gauge, Histogram

import shared
from services.monitor import metrics as monitor_metrics
from services.monitor.settings import MonitorSettings
from shared.contracts import CONTRACTS, TOPICS, stream_of
from shared.observability import metrics

FOLDER = Path(__file__).parents[1] / "docs"


def pages() -> dict[str, str]:
    """Every generated page by file name."""
    return {"errors.md": errors(), "events.md": events(), "metrics.md": metrics_page(), "settings.md": settings()}


#: How the docstring of an error ends.
_TELLS = re.compile(r"(?P<means>.+?) Seen by: (?P<seen>[^.]+)\. Ends: (?P<ends>[^.]+)\.$")


def errors() -> str:
    """Every error of the engine: what it is a case of, what it means, who sees it, what it ends."""
    found = list(_errors())
    tree = [line for error in found if error.__base__ is Exception for line in _branch(error, found)]
    lines = [
        "# Errors",
        "",
        "Made by `make docs` from the exceptions of `shared`. Passing trouble with Postgres or Kafka is not among",
        "them: it is waited out.",
        "",
        "```",
        "Exception",
        *tree,
        "```",
    ]
    for error in found:
        tells = _TELLS.match(_said(error))
        if tells is None:
            raise ValueError(f"{error.__module__}.{error.__name__}: end its docstring with Seen by: …. Ends: ….")
        lines += ["", f"## {error.__name__}", "", f"`{error.__module__}`. {tells['means']}", ""]
        lines += [f"- Seen by {tells['seen']}.", f"- Ends {tells['ends']}."]
    return "\n".join(lines) + "\n"


def _said(error: type[Exception]) -> str:
    return " ".join((inspect.getdoc(error) or "").split())


def _errors() -> Iterator[type[Exception]]:
    for module in pkgutil.walk_packages(shared.__path__, "shared."):
        for item in vars(import_module(module.name)).values():
            if isinstance(item, type) and issubclass(item, Exception) and item.__module__ == module.name:
                yield item


def _branch(error: type[Exception], among: list[type[Exception]], depth: int = 1) -> Iterator[str]:
    yield f"{'  ' * depth}· {error.__name__}: {_said(error).partition('. ')[0]}"
    for case in among:
        if case.__base__ is error:
            yield from _branch(case, among, depth + 1)


def events() -> str:
    """Every event type by topic."""
    lines = [
        "# Events",
        "",
        "Made by `make docs` from `shared/contracts`. Each type has an example in `shared/contracts/examples/`;",
        "`shared/contracts/asyncapi.json` has the schemas of the public ones.",
    ]
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
                lines += ["", f"### `{contract.type}`", "", about, "", f"Key `{key}`. Data: {fields}."]
    return "\n".join(lines) + "\n"


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
