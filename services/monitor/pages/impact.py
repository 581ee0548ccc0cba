"""`/monitor/impact`: three levels by two questions, goals, money and outcomes, towns beside towns; the instruments."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from fastapi import APIRouter, Request, Response

from shared.contracts.vocabulary import AggregateKind, Measure, SourceKind
from shared.database import Connection
from shared.http.fields import Id
from shared.http.request_state import pool_of

from ..figure.periods import PeriodKind, kind_of
from ..impact.comparison import comparison
from ..impact.goals.domain import Level, Question
from ..impact.goals.register import judged, programme_areas, today
from ..impact.goals.views import GoalView, goal_view
from ..impact.instruments.register import explored
from ..impact.matrix import matrix
from ..impact.matrix.views import MatrixCell
from ..impact.outcomes.register import initiatives
from ..impact.outcomes.views import initiative_costs
from ..indicators.domain import Indicator
from ..published import figures
from ..published.register import Register
from ..snapshot import snapshot
from . import words
from .asked import PeriodAsked, SourceAsked, if_there
from .render import page, register

router = APIRouter(include_in_schema=False)
_MOST = 500
LEVELS = {
    Level.AUTONOMOUS: "Autonome ontwikkeling",
    Level.PROGRAMME: "Programma",
    Level.INITIATIVE: "Initiatieven",
}
QUESTIONS = {
    Question.EFFECTIVE: "Doen we de goede dingen?",
    Question.EFFICIENT: "Doen we de dingen goed?",
}
#: What a verdict is called, and the tone of its badge.
VERDICTS = {
    "reached": ("gehaald", "good"),
    "missed": ("gemist", "warn"),
    "under-way": ("onderweg", "info"),
    "unknown": ("onbekend", "neutral"),
    "yes": ("ja", "good"),
    "partly": ("deels", "info"),
    "no": ("nee", "warn"),
    "fact": ("cijfer", "neutral"),
}
ANSWERS = {"goal": "Doel", "assessment": "Beoordeling", "costs": "Kosten", "trend": "Trend buiten het programma"}
COUNTS = {
    "initiatives": "aantal initiatieven",
    "initiatives-advanced": "initiatieven die een fase verder kwamen",
    "lessons-drawn": "getrokken lessen",
    "lessons-transferable": "overdraagbare lessen",
    "lessons-transferred": "lessen die elders zijn overgenomen",
    "recorded-outcomes": "vastgelegde uitkomsten",
    "recorded-municipalities": "gemeenten met een vastgelegde uitkomst",
}
WEIGHTS = {"for": ("voor", "good"), "against": ("tegen", "warn"), "neutral": ("neutraal", "neutral")}
DECISIONS = {"adopted": ("gekozen", "good"), "rejected": ("afgewezen", "warn"), "deferred": ("uitgesteld", "info")}
BODIES = {
    "programma": "het programma",
    "gedeputeerde-staten": "Gedeputeerde Staten",
    "provinciale-staten": "Provinciale Staten",
    "externe-evaluatie": "externe evaluatie",
}


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A goal as it is shown; values are written in what they are measured in."""

    goal: GoalView
    by: str
    measure: Measure


@dataclass(frozen=True, slots=True)
class ComparisonQuestion:
    """What towns are compared on."""

    indicator: Indicator
    source: SourceKind
    period: str | None
    since: str | None


@router.get("/monitor/impact")
async def impact_page(
    request: Request,
    indicator: Id | None = None,
    bron: SourceAsked = None,
    periode: PeriodAsked = None,
    sinds: PeriodAsked = None,
) -> Response:
    """The matrix with everything that answers it. The query is for the comparison of towns."""
    day = today()
    async with pool_of(request).acquire() as connection, snapshot(connection):
        known = await register(connection)
        code = if_there("indicator", indicator, known.indicators)
        chosen = known.indicators[code] if code else None
        found = await matrix.matrix(connection, day)
        goals = [goal_view(*each) for each in await judged(connection, day)]
        costs = [initiative_costs(row) for row in await initiatives(connection, _MOST)]
        asked = await _asked(connection, known, goals, chosen, bron, periode, sinds)
        compared = None
        if asked and asked.period:
            compared = await comparison.comparison(
                connection, asked.indicator.code, asked.source, asked.period, asked.since
            )
        towns = await programme_areas(connection)
    return page(
        "impact.html",
        today=day,
        note=found.note,
        levels=_levels(found.cells),
        goals=[_goal_row(goal, known) for goal in goals],
        costs=costs,
        indicators=known.indicators.values(),
        asked=asked,
        compared=compared,
        towns=towns,
        sources=[(word, words.SOURCES[kind]) for kind, word in words.SOURCE_WORDS.items()],
        area_names={code: area.name for code, area in known.geography.areas.items()},
        indicator_names={code: one.name for code, one in known.indicators.items()},
        verdicts=VERDICTS,
        answers=ANSWERS,
        questions=QUESTIONS,
    )


@router.get("/monitor/impact/instrumenten")
async def instruments_page(request: Request) -> Response:
    """The options that are explored, with what speaks for and against, and what was decided."""
    async with pool_of(request).acquire() as connection, snapshot(connection):
        found = await explored(connection)
    return page("instrumenten.html", instruments=found, weights=WEIGHTS, decisions=DECISIONS, bodies=BODIES)


def _levels(cells: Sequence[MatrixCell]) -> list[tuple[str, str, list[MatrixCell]]]:
    """Three levels, each with its id, its name and its two cells."""
    ordered = sorted(cells, key=lambda cell: (list(Level).index(cell.level), list(Question).index(cell.question)))
    return [(level.value, LEVELS[level], list(found)) for level, found in groupby(ordered, lambda cell: cell.level)]


def _goal_row(goal: GoalView, known: Register) -> GoalRow:
    by = goal.measured_by
    if by.indicator is not None and by.source is not None:
        indicator = known.indicators[by.indicator]
        where = known.geography.names([by.area]) if by.area else "de programmagemeenten samen"
        return GoalRow(goal, f"{indicator.name}, {words.SOURCES[by.source].lower()}, {where}", indicator.measure)
    return GoalRow(goal, COUNTS[by.counts] if by.counts else "er is nog geen maat", Measure.COUNT)


async def _asked(
    connection: Connection,
    known: Register,
    goals: Sequence[GoalView],
    indicator: Indicator | None,
    source: SourceKind | None,
    period: str | None,
    since: str | None,
) -> ComparisonQuestion | None:
    """What is asked, filled up with what the first goal looks at and the newest year there is."""
    goal = next((goal for goal in goals if goal.measured_by.indicator), None)
    if indicator is None:
        code = goal.measured_by.indicator if goal else next(iter(known.indicators), None)
        if code is None:
            return None
        indicator = known.indicators[code]
        since = since or (goal.baseline_period if goal and period is None else None)
        source = source or (goal.measured_by.source if goal else None)
    source = source or SourceKind.SURVEY
    if period is None:
        periods = await figures.list_periods(connection, AggregateKind.INDICATOR, indicator.code, source)
        years = [one for one in periods if kind_of(one) is PeriodKind.YEAR]
        period = years[-1] if years else None
    return ComparisonQuestion(indicator, source, period, since if since != period else None)
