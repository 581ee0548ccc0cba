"""The community team at work over HTTP: what they send, and what must come of it."""

from datetime import UTC, datetime, timedelta

import httpx2

from shared.database import Connection

Json = dict[str, object]
ORGANISATIONS, DIALOGUES = "/community/v1/organisations", "/community/v1/dialogues"
TODAY = datetime.now(UTC).date()
DIALOGUE: Json = {
    "id": "d-1",
    "municipality": "GM0794",
    "neighbourhood": "Annawijk",
    "organiser": "zet",
    "initiative": "slowcare",
    "themes": ["verbinding"],
    "plannedOn": (TODAY - timedelta(days=7)).isoformat(),
}
MEETING: Json = {"topic": "ontmoeting", "scores": [0, 2, 5, 8, 5]}
HELD: Json = {
    "heldOn": (TODAY - timedelta(days=1)).isoformat(),
    "groups": {"bewoners": 16, "vrijwilligers": 4},
    "findings": [MEETING],
    "actions": ["Een buurtkamer openen"],
}


class Team:
    """Someone of the community team."""

    def __init__(self, client: httpx2.AsyncClient, headers: dict[str, str]) -> None:
        self.http = client
        self.headers = headers

    async def post(self, path: str, body: Json | None = None) -> httpx2.Response:
        return await self.http.post(path, json=body, headers=self.headers)

    async def plan(self, **change: object) -> httpx2.Response:
        return await self.post(DIALOGUES, {**DIALOGUE, **change})

    async def hold(self, change: Json | None = None, dialogue: str = "d-1") -> httpx2.Response:
        return await self.post(f"{DIALOGUES}/{dialogue}/held", {**HELD, **(change or {})})

    async def withdraw(self, dialogue: str = "d-1", reason: str = "wrong-data") -> httpx2.Response:
        return await self.post(f"{DIALOGUES}/{dialogue}/withdrawal", {"reason": reason})


async def appended(connection: Connection) -> list[str]:
    """The events in the outbox, by the middle of their type."""
    rows = await connection.fetch("SELECT type FROM outbox ORDER BY position")
    return [row["type"].removeprefix("nl.veerkracht.").removesuffix(".v1") for row in rows]


def refused(answer: httpx2.Response, status: int, pointer: str | None) -> None:
    """It is a problem, at this field."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["pointer"] for error in answer.json().get("errors", [])] == ([pointer] if pointer else [])


async def store_held_dialogue(connection: Connection) -> None:
    """A dialogue that was held, with what people may write."""
    await connection.execute(
        """INSERT INTO dialogue VALUES ('d-1', 'GM0794', 'Annawijk <b>', 'zet', 'slowcare', '{verbinding}',
           '2026-11-20', 'held', '2026-11-23', 24, '{ontmoeting}',
           '{Een buurtkamer <i>openen</i>}')"""
    )
