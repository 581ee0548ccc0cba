"""Answers of the pulse: what is lively, by name."""

from datetime import UTC, datetime
from enum import StrEnum

from fastapi import Request

from shared.contracts.vocabulary import Theme
from shared.database import Connection
from shared.http.bodies import View

from ..names.views import read_names
from .domain import LivelyKind
from .follower import pulse_of


class PulseState(StrEnum):
    """Whether it is known what is lively."""

    ON = "on"
    UNKNOWN = "unknown"
    OFF = "off"


class LivelyView(View):
    """Something that there was news of, and how often in the window."""

    id: str
    name: str
    count: int


class PulseView(View):
    """What is lively, the most lively first. Approximate; without anything while `state` is not `on`."""

    state: PulseState
    hours: int
    since: datetime | None
    at: datetime | None
    themes: list[LivelyView]
    areas: list[LivelyView]
    initiatives: list[LivelyView]


async def read_pulse(request: Request, connection: Connection) -> PulseView:
    """What is lively now."""
    follower, now = pulse_of(request), datetime.now(UTC)
    newest = None if follower.is_off else follower.newest(now)
    state = PulseState.OFF if follower.is_off else PulseState.UNKNOWN if newest is None else PulseState.ON
    ranked = {kind: newest[kind].ranking if newest else () for kind in LivelyKind}
    names = await read_names(connection, [id_ for ranking in ranked.values() for id_, _ in ranking])

    def name_of(kind: LivelyKind, id_: str) -> str:
        return Theme(id_).label if kind is LivelyKind.THEME and id_ in set(Theme) else names.of(kind.value, id_)

    def lively(kind: LivelyKind) -> list[LivelyView]:
        return [LivelyView(id=id_, name=name_of(kind, id_), count=count) for id_, count in ranked[kind]]

    return PulseView(
        state=state,
        hours=request.app.state.settings.pulse_hours,
        since=min(told.since for told in newest.values()) if newest else None,
        at=min(told.at for told in newest.values()) if newest else None,
        themes=lively(LivelyKind.THEME),
        areas=lively(LivelyKind.AREA),
        initiatives=lively(LivelyKind.INITIATIVE),
    )
