"""The code as these tests see it: modules, what they import, and the capabilities of a service."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVICES = sorted(path.parent.name for path in (ROOT / "services").glob("*/__init__.py"))
#: A module of ours as a text names it.
_MODULE = re.compile(r"(services|shared|deploy|tests)(\.[a-z_0-9]+)+")
#: In a program that a test runs elsewhere.
_IMPORTED = re.compile(r"^\s*(?:from|import) ((?:services|shared|deploy|tests)(?:\.\w+)+)(?: import|$)", re.MULTILINE)
#: Written in another way than ours, or made elsewhere.
_NOT_OURS = {".venv", "quix", "pathway", "sse-starlette"}


@dataclass(frozen=True, slots=True)
class Module:
    """A Python file. `name` is as one imports it."""

    path: Path

    @property
    def name(self) -> str:
        """As one imports it; a package by its own name."""
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def package(self) -> str:
        """What its relative imports start from."""
        return ".".join(self.path.relative_to(ROOT).parent.parts)

    @property
    def tree(self) -> ast.Module:
        """What it says."""
        return _parsed(self.path)

    def imports(self) -> set[str]:
        """Everything it imports, absolute: modules, and names in modules as `module.name`."""
        found: set[str] = set()
        package = self.package.split(".")
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = package[: len(package) - node.level + 1] if node.level else []
                module = ".".join([*base, *([node.module] if node.module else [])])
                found.add(module)
                found.update(f"{module}.{alias.name}" for alias in node.names)
        return found

    def imported_names(self) -> set[str]:
        """What `from … import name` takes, absolute."""
        package = self.package.split(".")
        return {
            ".".join([*(package[: len(package) - node.level + 1] if node.level else []), *filter(None, [node.module])])
            + f".{alias.name}"
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }

    def named_in_text(self) -> set[str]:
        """The modules of ours that a text of it names, when it says nothing else, or imports, when it is a program."""
        nodes = (node.value for node in ast.walk(self.tree) if isinstance(node, ast.Constant))
        texts = [text for text in nodes if isinstance(text, str)]
        named = {text for text in texts if _MODULE.fullmatch(text)}
        return named | {name for text in texts for name in _IMPORTED.findall(text)}

    def imported_modules(self) -> set[str]:
        """The modules of ours that it imports."""
        known = by_name()
        return {name for name in self.imports() if name in known and name != self.name and not _is_package(name)} | {
            name for name in self.imports() if name in known and _is_package(name) and self._takes_from(name)
        }

    def _takes_from(self, package: str) -> bool:
        """Whether it takes something of the package itself, not only a module in it."""
        inside = {name.removeprefix(f"{package}.") for name in self.imports() if name.startswith(f"{package}.")}
        return any(f"{package}.{name}" not in by_name() for name in inside if "." not in name)


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _is_package(name: str) -> bool:
    return by_name()[name].path.name == "__init__.py"


@cache
def by_name() -> dict[str, Module]:
    """Every module of ours."""
    return {module.name: module for module in modules("services", "shared", "deploy", "tests")}


def modules(*folders: str) -> Iterator[Module]:
    """The modules below folders of the repository."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not _NOT_OURS.intersection(path.relative_to(ROOT).parts):
                yield Module(path)


@dataclass(frozen=True, slots=True)
class Capability:
    """A folder of a service that holds code; `name` is its dotted path within the service."""

    service: str
    folder: Path

    @property
    def package(self) -> str:
        """As one imports it."""
        return ".".join(self.folder.relative_to(ROOT).parts)

    @property
    def name(self) -> str:
        """Within its service."""
        return self.package.removeprefix(f"services.{self.service}.")

    def own_modules(self) -> list[Module]:
        """The modules of this folder, not of those below it."""
        return [Module(path) for path in sorted(self.folder.glob("*.py"))]


def capabilities(service: str) -> list[Capability]:
    """Every folder of a service with modules in it, but for the service's own."""
    root = ROOT / "services" / service
    folders = {path.parent for path in root.rglob("*.py")} - {root}
    return [Capability(service, folder) for folder in sorted(folders)]


def capability_of(module: str, service: str) -> str | None:
    """The package of the capability that a module is in; None for a module of the service itself or elsewhere."""
    known = by_name().get(module)
    if known is None or not module.startswith(f"services.{service}."):
        return None
    return known.package if known.package != f"services.{service}" else None


def under(names: set[str], *forbidden: str) -> set[str]:
    """Those names that are, or are in, something forbidden."""
    return {name for name in names if any(name == one or name.startswith(f"{one}.") for one in forbidden)}
