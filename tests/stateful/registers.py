"""What is there already: the registers as the APIs tell them, in the shape of the bodies that were posted."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx2

from .asked import Json, Known


@dataclass(frozen=True)
class Register:
    """Where a kind is listed, and which field names one."""

    kind: str
    path: str
    id: str = "id"


REGISTERS = (
    Register("areas", "/monitor/v1/areas", "code"),
    Register("area-changes", "/monitor/v1/area-changes"),
    Register("indicators", "/monitor/v1/indicators", "code"),
    Register("methods", "/monitor/v1/methods", "code"),
    Register("learning-keys", "/monitor/v1/learning-keys", "version"),
    Register("baseline-facts", "/monitor/v1/baseline-facts"),
    Register("editions", "/monitor/v1/editions"),
    Register("goals", "/monitor/v1/impact/goals"),
    Register("programme-areas", "/monitor/v1/impact/programme-areas", "area"),
    Register("outcomes", "/monitor/v1/outcomes"),
    Register("assessments", "/monitor/v1/assessments"),
    Register("instruments", "/monitor/v1/impact/instruments"),
    Register("imports", "/monitor/v1/observation-imports"),
    Register("organisations", "/community/v1/organisations"),
    Register("dialogues", "/community/v1/dialogues"),
    Register("initiatives", "/initiatives/v1/initiatives"),
    Register("budget-lines", "/finance/v1/budget-lines"),
    Register("shares", "/finance/v1/capacity-shares"),
    Register("findings", "/finance/v1/findings"),
    Register("events", "/feeds/v1/events"),
)


async def read_registers(client: httpx2.AsyncClient, token: str, known: Known) -> None:
    """Add to what is known what every register says now. Only of what was accepted by us it is news."""
    for register in REGISTERS:
        there = known.of(register.kind)
        for item in await _items(client, token, register.path):
            id_ = str(item[register.id])
            there[id_] = {**there.get(id_, {}), **_MENDED.get(register.kind, _as_it_is)(item)}
    await _withdrawn_keys(client, token, known)


async def _withdrawn_keys(client: httpx2.AsyncClient, token: str, known: Known) -> None:
    """The learning keys that no list tells: their numbers are not used again."""
    number = 1
    while await _is_there(client, token, f"/monitor/v1/learning-keys/{number}/history"):
        known.of("learning-keys").setdefault(str(number), {"withdrawn": True})
        number += 1


async def _is_there(client: httpx2.AsyncClient, token: str, path: str) -> bool:
    answer = await client.get(path, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code in (200, 404), f"{path}: {answer.status_code} {answer.text[:500]}"
    return answer.status_code == 200


async def _items(client: httpx2.AsyncClient, token: str, path: str) -> list[Json]:
    found: list[Json] = []
    after: str | None = None
    while True:
        params = {"after": after} if after else {}
        answer = await client.get(path, params=params, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:500]}"
        page = answer.json()
        if isinstance(page, list):
            return page
        found += page["items"]
        after = page.get("next")
        if not after or len(found) >= 1000 or not page["items"]:
            return found


def _as_it_is(item: Json) -> Json:
    return item


def _without(*names: str) -> Callable[[Json], Json]:
    return lambda item: {name: value for name, value in item.items() if name not in names}


#: Where what is told has the name of a field that is posted, but is something else.
_MENDED: dict[str, Callable[[Json], Json]] = {
    "goals": _without("measuredBy", "baseline", "target"),
    "area-changes": lambda item: {**item, "on": item.get("changedOn", item.get("on"))},
}
