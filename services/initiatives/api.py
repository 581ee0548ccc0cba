"""HTTP edge of the initiatives service: translates, never decides."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from shared.contracts.initiatives import InitiativeRegistered, SupportRole
from shared.contracts.vocabulary import Dilemma, Line, Phase, RoleParty, Theme
from shared.database import Connection, Record
from shared.http import commands
from shared.http.auth import Principal, Require
from shared.http.bodies import Body, View
from shared.http.command_route import CommandRoute
from shared.http.commands import Done
from shared.http.fields import Day, Id, OneLine, Text
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of
from shared.outbox.cause import Cause
from shared.refusals import NotFound

from . import handlers, store
from .domain import ChangePhase, DrawLesson

router = APIRouter(prefix="/initiatives/v1", tags=["initiatives"], route_class=CommandRoute)
Programme = Annotated[Principal, Depends(Require("programme"))]
Some = Field(max_length=100)


class RoleBody(Body):
    """What the province, ZET or Zorgbelang does."""

    party: RoleParty
    role: Text


class InitiativeBody(Body):
    """An initiative to register. `id` is made by the client, so that a retry is harmless."""

    id: Id
    number: OneLine | None = None
    title: OneLine
    challenge: Text
    approach: Text
    learning_question: Text
    lines: Annotated[list[Line], Field(min_length=1, max_length=2)]
    cross_overs: Annotated[list[Id], Some] = []
    themes: Annotated[list[Theme], Field(min_length=1, max_length=4)]
    dilemmas: Annotated[list[Dilemma], Field(max_length=4)] = []
    municipalities: Annotated[list[str], Some] = []
    regions: Annotated[list[str], Some] = []
    partners: Annotated[list[Id], Some] = []
    roles: Annotated[list[RoleBody], Some] = []

    def event(self) -> InitiativeRegistered:
        """What registering it says."""
        return InitiativeRegistered(
            initiative=self.id,
            number=self.number,
            title=self.title,
            challenge=self.challenge,
            approach=self.approach,
            learning_question=self.learning_question,
            lines=tuple(self.lines),
            cross_overs=tuple(self.cross_overs),
            themes=tuple(self.themes),
            dilemmas=tuple(self.dilemmas),
            municipalities=tuple(self.municipalities),
            regions=tuple(self.regions),
            partners=tuple(self.partners),
            roles=tuple(SupportRole(party=role.party, role=role.role) for role in self.roles),
            phase=Phase.EXPLORING,
        )


class PhaseBody(Body):
    """A phase an initiative reached."""

    phase: Phase
    on: Day


class LessonBody(Body):
    """A lesson to write down."""

    id: Id
    title: OneLine
    worked: bool
    transferable: bool
    on: Day


class RoleView(View):
    """What the province, ZET or Zorgbelang does."""

    party: RoleParty
    role: str


class InitiativeView(View):
    """An initiative as it is now."""

    id: str
    number: str | None
    title: str
    challenge: str
    approach: str
    learning_question: str
    lines: list[Line]
    cross_overs: list[str]
    themes: list[Theme]
    dilemmas: list[Dilemma]
    municipalities: list[str]
    regions: list[str]
    partners: list[str]
    roles: list[RoleView]
    phase: Phase
    phase_on: date
    lessons: int


class Initiatives(View):
    """A page of initiatives; `next` is the cursor for the following page, null on the last."""

    items: list[InitiativeView]
    next: str | None


class PhaseView(View):
    """A phase and the day it was reached."""

    phase: Phase
    reached_on: date


class LessonView(View):
    """A lesson."""

    id: str
    title: str
    worked: bool
    transferable: bool
    drawn_on: date


class History(View):
    """What happened to an initiative, oldest first."""

    phases: list[PhaseView]
    lessons: list[LessonView]


def _view(row: Record) -> InitiativeView:
    return InitiativeView(**{**row, "roles": [RoleView.model_validate(role) for role in store.roles_of(row)]})


async def _read(connection: Connection, initiative: str) -> InitiativeView:
    row = await store.get_initiative(connection, initiative)
    if row is None:
        raise NotFound("initiative-not-found", f"Er is geen initiatief {initiative}.")
    return _view(row)


@router.get("/initiatives")
async def list_initiatives(
    request: Request,
    phase: Phase | None = None,
    theme: Theme | None = None,
    after: Id | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Initiatives:
    """Initiatives by id."""
    async with pool_of(request).acquire() as connection:
        rows = await store.list_initiatives(connection, phase, theme, after, limit + 1)
    return Initiatives(
        items=[_view(row) for row in rows[:limit]], next=rows[limit - 1]["id"] if len(rows) > limit else None
    )


@router.get("/initiatives/{initiative}")
async def get_initiative(request: Request, initiative: Id) -> InitiativeView:
    """One initiative."""
    async with pool_of(request).acquire() as connection:
        return await _read(connection, initiative)


@router.get("/initiatives/{initiative}/history")
async def get_history(request: Request, initiative: Id) -> History:
    """The phases and lessons of an initiative."""
    async with pool_of(request).acquire() as connection:
        await _read(connection, initiative)
        phases, lessons = await store.history(connection, initiative)
    return History(phases=[PhaseView(**row) for row in phases], lessons=[LessonView(**row) for row in lessons])


@router.post("/initiatives", status_code=201, response_model=InitiativeView)
async def register(
    request: Request, body: InitiativeBody, principal: Programme, key: IdempotencyKey = None
) -> Response:
    """Register an initiative. 201 when new, 200 when exactly this one is there."""

    async def handle(connection: Connection, cause: Cause) -> Done:
        created = await handlers.register(connection, body.event(), cause)
        return Done(await _read(connection, body.id), created)

    return await commands.run(request, principal, key, handle)


@router.post("/initiatives/{initiative}/phases", status_code=201, response_model=InitiativeView)
async def change_phase(
    request: Request, initiative: Id, body: PhaseBody, principal: Programme, key: IdempotencyKey = None
) -> Response:
    """Record that an initiative reached a phase."""

    async def handle(connection: Connection, cause: Cause) -> Done:
        created = await handlers.change_phase(connection, initiative, ChangePhase(body.phase, body.on), cause)
        return Done(await _read(connection, initiative), created)

    return await commands.run(request, principal, key, handle)


@router.post("/initiatives/{initiative}/lessons", status_code=201, response_model=LessonView)
async def draw_lesson(
    request: Request, initiative: Id, body: LessonBody, principal: Programme, key: IdempotencyKey = None
) -> Response:
    """Write down a lesson, whether it worked or not."""
    lesson = DrawLesson(body.id, body.title, body.worked, body.transferable, body.on)

    async def handle(connection: Connection, cause: Cause) -> Done:
        created = await handlers.draw_lesson(connection, initiative, lesson, cause)
        view = LessonView(
            id=body.id, title=body.title, worked=body.worked, transferable=body.transferable, drawn_on=body.on
        )
        return Done(view, created)

    return await commands.run(request, principal, key, handle)
