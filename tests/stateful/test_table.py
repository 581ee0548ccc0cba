"""Every route is in it: what can be posted has a generator, what can be read has values for each of its parameters."""

from datetime import date

from fastapi import FastAPI

from . import revisions, routes
from .asked import COMMANDS, Known
from .dice import Dice
from .parameters import fill, values_of
from .routes import commands, readings


def test_every_command_has_a_generator_and_every_generator_a_command() -> None:
    assert sorted(revisions.all_commands()) == sorted(commands())


def test_control_a_command_without_a_generator_is_seen() -> None:
    taken = COMMANDS.pop("/monitor/v1/methods")
    try:
        assert set(commands()) - set(revisions.all_commands()) >= {"/monitor/v1/methods"}
    finally:
        COMMANDS["/monitor/v1/methods"] = taken


def test_every_parameter_of_what_is_read_has_values() -> None:
    without = [
        f"{route.name}: {parameter.name}"
        for route in readings()
        for parameter in route.parameters
        if values_of(route, parameter) is None
    ]
    assert without == []


def test_pages_and_apis_of_all_services_are_read() -> None:
    found = {route.path for route in readings()}
    assert {"/", "/initiatieven/{initiative}", "/monitor/kaart", "/financien", "/feeds", "/feeds/readyz"} <= found
    assert {"/monitor/v1/impact/matrix", "/feeds/v1/stream", "/community/v1/organisations/{organisation}"} <= found


def test_a_new_route_is_found_by_itself() -> None:
    app = FastAPI()

    @app.get("/monitor/v1/nieuw")
    def new(limit: int) -> dict[str, str]:
        return {"limit": str(limit)}

    @app.get("/nieuw/{code}", include_in_schema=False)
    def page(code: str, indeling: str = "") -> str:
        return code + indeling

    (api,) = routes._api(app)
    (found,) = [route for route in routes._pages(app, "monitor") if route.path.startswith("/nieuw")]
    assert (api.name, [one.name for one in api.parameters]) == ("GET /monitor/v1/nieuw", ["limit"])
    assert [one.name for one in found.parameters] == ["code", "indeling"]


def test_the_same_seed_makes_the_same_commands_and_addresses() -> None:
    def made(seed: int) -> list[object]:
        dice, known = Dice(seed), Known(date(2026, 11, 28))
        table = revisions.all_commands()
        asked = [table[name].make(name, dice, known) for name in ("/monitor/v1/methods", "/finance/v1/findings")]
        return [*(one.line() for one in asked if one), *(fill(route, dice, known) for route in readings())]

    assert made(1) == made(1) != made(2)
