"""docs/errors.md: the errors of the engine as a tree, from their docstrings."""

import inspect
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module

import shared

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
