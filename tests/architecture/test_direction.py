"""Imports point one way: app, then routes, pages and projections, then handlers, store, domain, contracts."""

from graphlib import CycleError, TopologicalSorter

import pytest

from .code import SERVICES, Capability, Module, by_name, capabilities, capability_of, modules, under

#: The parts of a capability, lowest first: one imports from its own row and those before it, never after.
LAYERS = (("domain",), ("store",), ("handlers",), ("routes", "pages", "projection", "forms", "jobs"))
#: What only the service's own list of capabilities may import.
ENTRANCES = ("routes", "pages", "projection")
#: What a domain may know besides the standard library and other domains.
PURE = (
    "shared.contracts",
    "shared.days",
    "shared.refusals",
    "shared.revisions",
    "shared.text",
    "shared.unit",
    "shared.web.dutch",
)
#: What touches the world: nothing pure imports it.
WORLD = {"asyncpg", "fastapi", "starlette", "pydantic", "aiokafka", "faust", "structlog", "asyncio", "os", "time"}

EVERY = [capability for service in SERVICES for capability in capabilities(service)]
names = pytest.mark.parametrize("capability", EVERY, ids=lambda capability: f"{capability.service}.{capability.name}")


def test_there_are_five_services() -> None:
    assert SERVICES == ["community", "feeds", "finance", "initiatives", "monitor"]


@pytest.mark.parametrize("module", list(modules("shared")), ids=lambda module: module.name)
def test_shared_imports_no_service(module: Module) -> None:
    assert under(module.imports(), "services", "deploy", "tests") == set()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_imports_no_other_service(service: str) -> None:
    others = [f"services.{other}" for other in SERVICES if other != service]
    for module in modules(f"services/{service}"):
        assert under(module.imports(), *others, "deploy", "tests") == set(), module.name


@pytest.mark.parametrize("service", SERVICES)
def test_capabilities_of_a_service_form_no_circle(service: str) -> None:
    edges: dict[str, set[str]] = {}
    for capability in capabilities(service):
        for module in capability.own_modules():
            found = {capability_of(name, service) for name in module.imported_modules()}
            edges.setdefault(capability.package, set()).update(
                one for one in found if one and one != capability.package
            )
    try:
        list(TopologicalSorter(edges).static_order())
    except CycleError as circle:
        pytest.fail(f"a circle: {' -> '.join(circle.args[1])}")


@pytest.mark.parametrize("service", SERVICES)
def test_a_capability_knows_nothing_of_the_list_it_is_in(service: str) -> None:
    own = [f"services.{service}.{name}" for name in ("app", "__main__")]
    for capability in capabilities(service):
        for module in capability.own_modules():
            assert under(module.imports(), *own) == set(), module.name


@names
def test_a_store_is_known_in_its_own_capability_only(capability: Capability) -> None:
    stores = [name for name in by_name() if name.startswith("services.") and name.endswith(".store")]
    foreign = [store for store in stores if by_name()[store].package != capability.package]
    for module in capability.own_modules():
        assert under(module.imports(), *foreign) == set(), module.name


@names
def test_imports_point_down_within_a_capability(capability: Capability) -> None:
    for height, layer in enumerate(LAYERS):
        above = [f"{capability.package}.{name}" for row in LAYERS[height + 1 :] for name in row]
        for module in capability.own_modules():
            if module.path.stem in layer:
                assert under(module.imports(), *above) == set(), module.name


@names
def test_entrances_are_for_the_list_of_capabilities_only(capability: Capability) -> None:
    entrances = [f"{capability.package}.{name}" for name in ENTRANCES if f"{capability.package}.{name}" in by_name()]
    users = {
        module.name
        for module in modules(f"services/{capability.service}")
        if module.package != capability.package and under(module.imports(), *entrances)
    }
    assert users <= {f"services.{capability.service}.{name}" for name in ("app", "__main__")}


@names
def test_a_domain_is_pure(capability: Capability) -> None:
    domain = by_name().get(f"{capability.package}.domain")
    if domain is None:
        pytest.skip("decides nothing")
    seen, waiting = {domain.name}, [domain.name]
    while waiting:
        module = by_name()[waiting.pop()]
        assert {name.partition(".")[0] for name in module.imports()} & WORLD == set(), f"{domain.name}: {module.name}"
        shared = {name for name in module.imports() if name.startswith("shared.")}
        assert shared - under(shared, *PURE) == set(), f"{domain.name}: {module.name}"
        further = {name for name in module.imported_modules() if name.startswith("services.")} - seen
        seen |= further
        waiting += further


def test_every_module_named_in_text_exists() -> None:
    """What is started with `python -m` or by a worker of its own is named in a string, which no import checks."""
    for module in modules("services", "shared", "deploy", "tests"):
        for name in module.named_in_text():
            assert name in by_name(), f"{module.name}: {name}"


def test_a_check_here_can_fail() -> None:
    """Negative control: a forbidden import is seen, as a module, as a name in one and from a package."""
    assert under({"services.finance.budget.store", "shared.outbox"}, "services.finance")
    module = by_name()["tests.architecture.test_direction"]
    assert "tests.architecture.code" in module.imported_modules()
