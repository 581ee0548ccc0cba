"""The matrix of three levels by two questions: what goals, assessments, money and the trend outside answer."""

from collections.abc import Iterable
from datetime import date

from shared.contracts.money import euro
from shared.contracts.vocabulary import Measure, Verdict
from shared.database import Connection

from ...indicators.register import find
from ..assessments.domain import AssessmentVerdict, EvidenceKind
from ..assessments.register import latest
from ..assessments.views import EvidenceView
from ..comparison import comparison
from ..goals import register
from ..goals.domain import Goal, Judgement, Level, Question, Unknown, Value, incomparable, value_of
from ..goals.programme import WARNING
from ..goals.views import value_view, warning_of
from ..outcomes.domain import cost_per
from ..outcomes.register import initiatives, programme_costs
from .views import Answer, Matrix, MatrixCell

ASKS = {
    (Level.AUTONOMOUS, Question.EFFECTIVE): "Hoe ontwikkelt de sociale veerkracht in Brabant zich uit zichzelf?",
    (Level.AUTONOMOUS, Question.EFFICIENT): "Wat kost de autonome ontwikkeling?",
    (Level.PROGRAMME, Question.EFFECTIVE): "Doet het programma de goede dingen: bereikt het zijn ambitie?",
    (Level.PROGRAMME, Question.EFFICIENT): "Doet het programma de dingen goed: wat kost wat het bereikt?",
    (Level.INITIATIVE, Question.EFFECTIVE): "Doen initiatieven de goede dingen: bereiken zij hun ambitie?",
    (Level.INITIATIVE, Question.EFFICIENT): "Doen initiatieven de dingen goed: wat kost wat zij bereiken?",
}
_NOTE = (
    "Onbekend is een antwoord, met zijn reden. De autonome ontwikkeling wordt nooit aan het programma of aan een "
    "initiatief toegeschreven."
)
_NOTHING = "er is nog geen doel of beoordeling"
_NO_EFFORT = "niet van toepassing: in de autonome ontwikkeling zit geen inzet van het programma om tegen af te wegen"
_MANY = 100_000

Answers = dict[tuple[Level, Question], list[Answer]]


async def matrix(connection: Connection, on: date) -> Matrix:
    """All six cells, on a day. Several reads: give it a transaction when they must be of one moment."""
    answers: Answers = {cell: [] for cell in ASKS}
    goals = await register.judged(connection, on)
    for goal, judgement in goals:
        answers[goal.level, goal.question].append(_of_goal(goal, judgement))
    answers[Level.AUTONOMOUS, Question.EFFECTIVE] += await _trends(connection, goals)
    await _add_assessments(connection, answers)
    await _add_costs(connection, answers)
    return Matrix(on=on, cells=[cell(*place, found) for place, found in answers.items()], note=_NOTE)


def cell(level: Level, question: Question, answers: list[Answer]) -> MatrixCell:
    """A cell with its answers; without a known one it says why."""
    unknown = None
    if all(answer.verdict == Verdict.UNKNOWN for answer in answers):
        nothing = _NO_EFFORT if (level, question) == (Level.AUTONOMOUS, Question.EFFICIENT) else _NOTHING
        unknown = "; ".join(dict.fromkeys(answer.reason or nothing for answer in answers)) or nothing
    return MatrixCell(level=level, question=question, asks=ASKS[level, question], answers=answers, unknown=unknown)


def _of_goal(goal: Goal, judgement: Judgement) -> Answer:
    evidence = [EvidenceView(kind=EvidenceKind.GOAL, ref=goal.id)]
    if goal.series is not None:
        figure = goal.series
        evidence.append(
            EvidenceView(
                kind=EvidenceKind.INDICATOR,
                ref=figure.indicator,
                area=figure.area,
                period=judgement.period,
                note=figure.source,
            )
        )
    return Answer(
        kind="goal",
        ref=goal.id,
        statement=goal.title,
        verdict=judgement.verdict,
        reason=judgement.reason,
        warning=warning_of(goal),
        evidence=evidence,
    )


async def _trends(connection: Connection, goals: Iterable[tuple[Goal, Judgement]]) -> list[Answer]:
    """How the towns outside the programme did in what the goals look at."""
    asked = {
        (goal.series.indicator, goal.series.source, goal.baseline_period, judgement.period)
        for goal, judgement in goals
        if goal.series and goal.baseline_period and judgement.period and goal.baseline_period != judgement.period
    }
    programme = await register.programme(connection)
    answers = []
    for code, source, since, period in sorted(asked):
        indicator = await find(connection, code)
        name, measure = (indicator.name, indicator.measure) if indicator else (code, Measure.MEAN)
        before, after = await comparison.sides_of(connection, programme, code, source, [since, period], period)
        reason = incomparable(indicator.versions if indicator else (), since, period)
        moved = reason or comparison.change(before.outside, after.outside, measure)
        statement = f"{name} buiten het programma, van {since} tot {period}"
        if not isinstance(moved, Unknown):
            old, new = (value_view(value_of(each.outside.tally, measure)).value or 0.0 for each in (before, after))
            statement = f"{name} buiten het programma ging van {_number(old)} ({since}) naar {_number(new)} ({period})"
        answers.append(
            Answer(
                kind="trend",
                ref=code,
                statement=statement,
                verdict=Verdict.UNKNOWN if isinstance(moved, Unknown) else "fact",
                reason=moved.reason if isinstance(moved, Unknown) else None,
                warning=WARNING,
                evidence=[EvidenceView(kind=EvidenceKind.AUTONOMOUS_TREND, ref=code, period=period, note=source)],
            )
        )
    return answers


async def _add_assessments(connection: Connection, answers: Answers) -> None:
    for given in await latest(connection):
        answers[given.level, given.question].append(
            Answer(
                kind="assessment",
                ref=given.id,
                statement=given.statement,
                verdict=Verdict.UNKNOWN if given.verdict is AssessmentVerdict.UNKNOWN else given.verdict,
                reason=given.reason,
                evidence=[EvidenceView.model_validate(each) for each in given.evidence],
            )
        )


async def _add_costs(connection: Connection, answers: Answers) -> None:
    total = await programme_costs(connection)
    cost = cost_per(total["disbursed_cents"], total["lessons"] + total["recorded"])
    answers[Level.PROGRAMME, Question.EFFICIENT].append(_of_money("Uitbetaald per uitkomst", "programma", cost))
    rows = await initiatives(connection, _MANY)
    costs = [(row, cost_per(row["disbursed_cents"], row["lessons"] + row["recorded"])) for row in rows]
    known = [(row, cost) for row, cost in costs if not isinstance(cost, Unknown)]
    found = answers[Level.INITIATIVE, Question.EFFICIENT]
    found += [
        _of_money(f"{row['title'] or row['id']}: uitbetaald per uitkomst", row["id"], cost) for row, cost in known
    ]
    if len(known) < len(rows):
        found.append(
            Answer(
                kind="costs",
                ref="initiatieven",
                statement=f"Van {len(rows) - len(known)} van de {len(rows)} initiatieven is dit niet bekend",
                verdict=Verdict.UNKNOWN,
                reason="er is nog niets uitbetaald of nog geen uitkomst vastgelegd",
            )
        )


def _of_money(statement: str, ref: str, cost: Value) -> Answer:
    evidence = [EvidenceView(kind=EvidenceKind.COSTS, ref=ref)]
    if isinstance(cost, Unknown):
        return Answer(
            kind="costs", ref=ref, statement=statement, verdict=Verdict.UNKNOWN, reason=cost.reason, evidence=evidence
        )
    return Answer(
        kind="costs", ref=ref, statement=f"{statement}: {euro(round(cost))}", verdict="fact", evidence=evidence
    )


def _number(value: float) -> str:
    return f"{value:g}".replace(".", ",")
