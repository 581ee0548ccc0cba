"""A text that nobody can read or keep is refused wherever it stands: in every body, path and query of every service."""

from collections.abc import Iterator, Mapping
from datetime import date

import asyncpg
import httpx2
import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from deploy.local.stack import Stack
from shared.http.auth import ROLES

from .asked import Asked, Known
from .dice import Dice
from .odd_texts import (
    Sweep,
    Texts,
    Trial,
    command_of,
    of_others,
    readings_of,
    texts_in,
    trials_of_command,
    trials_of_reading,
    with_text,
)
from .revisions import all_commands
from .rounds import Rounds
from .routes import Route, commands, readings

#: Of what most others are built on, and of what another command of the same play uses up.
_OFTEN = [
    *["/monitor/v1/areas"] * 6,
    *["/finance/v1/budget-lines/{line}/commitments"] * 3,
    "/monitor/v1/learning-keys",
]
#: Another than that of test_accepted_commands.py, which would choose the same ids.
_SEED, _PLAYS = 15, 8


@pytest.mark.timeout(300)
async def test_no_odd_text_is_accepted_or_breaks_anything(stack: Stack) -> None:
    async with httpx2.AsyncClient(base_url=stack.base_url, timeout=30, trust_env=False) as client:
        rounds = Rounds(stack, client, _SEED)
        await rounds.begin()
        right: dict[str, Asked | None] = {}
        for _ in range(_PLAYS):  # until there is something to do every command to
            await rounds.play(extra=0, often=_OFTEN)
            made = {path: command_of(command, rounds.dice, rounds.known) for path, command in all_commands().items()}
            right |= {path: asked for path, asked in made.items() if asked or path not in right}
            if all(right.values()):
                break
        assert [path for path, asked in right.items() if asked is None] == []
        sweep = Sweep(client, stack.tokens.__getitem__)
        await sweep.send(list(_trials(rounds, right)))
        assert sweep.wrong == []
        assert await rounds.watch.wrong() == []


def _trials(rounds: Rounds, right: Mapping[str, Asked | None]) -> Iterator[Trial]:
    texts = Texts()
    for path, asked in right.items():
        if asked is not None:
            yield from trials_of_command(asked, commands()[path], all_commands()[path].role, texts)
            yield from of_others(asked, all_commands()[path].role, ROLES)
    for route in readings():
        if not route.path.endswith("/stream"):
            role = "operator" if "dead-letters" in route.path else "programme"
            yield from trials_of_reading(route, rounds.dice, rounds.known, role, texts)
            yield from readings_of(route, rounds.dice, rounds.known, ROLES)


class _Old(BaseModel):
    """As bodies were: a list of any text."""

    name: str
    municipalities: list[str]


async def test_control_a_list_of_any_text_is_seen() -> None:
    """The field that was wrong: everything else of the request had to be right before it was reached."""
    app = FastAPI()
    kept: list[str] = []

    @app.post("/v1/initiatives")
    async def register(body: _Old) -> dict[str, str]:
        if body.name != "Buurtkamer":
            return {}
        for municipality in body.municipalities:
            if "\x00" in municipality:
                raise asyncpg.CharacterNotInRepertoireError("invalid byte sequence for encoding UTF8: 0x00")
            kept.append(municipality)
        return {"id": "x"}

    asked = Asked("/v1/initiatives", {"name": "Buurtkamer", "municipalities": ["GM0794"]})
    trials = list(trials_of_command(asked, Route("POST", asked.path, (), {}, page=False), "programme", Texts()))
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        sweep = Sweep(client, str)
        await sweep.send(trials)
    found = [line for line in sweep.wrong if "municipalities" in line]
    assert any("500" in line and "\\x00" in line for line in found), sweep.wrong
    assert any("accepted" in line for line in found), "and one that is kept although nobody can read it"


def test_every_text_of_a_body_has_its_turn() -> None:
    body = {"id": "x", "on": None, "areas": ["a", "b", "c"], "amounts": [{"period": "2017", "cents": 1}], "none": []}
    assert sorted(map(str, texts_in(body))) == sorted(
        map(str, [(("id",), "x"), (("areas", 0), "a"), (("areas", 2), "c"), (("amounts", 0, "period"), "2017")])
    )
    assert with_text(body, ("areas", 2), "!") == {**body, "areas": ["a", "b", "!"]}
    assert body["areas"] == ["a", "b", "c"]


def test_every_parameter_has_its_turn() -> None:
    texts, known = Texts(), Known(date(2026, 11, 28))
    for route in readings():
        trials = list(trials_of_reading(route, Dice(1), known, "programme", texts))
        assert len(trials) >= 3 * len(route.parameters), route.name
