"""Events and rows for tests of impact monitoring."""

from datetime import date

from shared.contracts.finance import CommitmentMade, DisbursementMade
from shared.contracts.initiatives import InitiativePhaseChanged, InitiativeRegistered, LessonDrawn
from shared.contracts.vocabulary import BudgetPeriod, Line, Phase, Theme
from shared.database import Connection

DAY = date(2019, 3, 1)
PLACES = """
    INSERT INTO area VALUES ('PV30', 'Noord-Brabant', 'province', NULL, '2016-01-01', NULL),
        ('west-brabant', 'West-Brabant', 'region', 'PV30', '2016-01-01', NULL),
        ('noordoost-brabant', 'Noordoost-Brabant', 'region', 'PV30', '2016-01-01', NULL),
        ('GM0758', 'Breda', 'municipality', 'west-brabant', '2016-01-01', NULL),
        ('GM0828', 'Oss', 'municipality', 'noordoost-brabant', '2016-01-01', NULL),
        ('GM0796', '''s-Hertogenbosch', 'municipality', 'noordoost-brabant', '2016-01-01', NULL),
        ('GM0772', 'Eindhoven', 'municipality', 'noordoost-brabant', '2016-01-01', NULL),
        ('GM1685', 'Landerd', 'municipality', 'noordoost-brabant', '2016-01-01', '2022-01-01'),
        ('GM0856', 'Uden', 'municipality', 'noordoost-brabant', '2016-01-01', '2022-01-01'),
        ('GM1991', 'Maashorst', 'municipality', 'noordoost-brabant', '2022-01-01', NULL);
    INSERT INTO area_change VALUES
        ('maashorst-2022', '2022-01-01', 'merger', '{GM1685,GM0856}', '{GM1991}');
    INSERT INTO indicator
    VALUES
        ('verbondenheid', 'Verbondenheid', 'Connection', 'verbinding', 'social', 'score-1-5', 'up', 'mean'),
        ('eenzaamheid', 'Eenzaamheid', 'Loneliness', 'verbinding', 'social', 'share', 'down', 'ratio');
    INSERT INTO programme_area VALUES ('GM0828', '2017-01-01', NULL, 'Inleiding'),
        ('GM0856', '2017-01-01', NULL, 'Inleiding'), ('west-brabant', '2017-01-01', NULL, 'Inleiding');
"""


async def publish(
    connection: Connection, area: str, period: str, mean: float, people: int, code: str = "verbondenheid"
) -> None:
    """Put a mean of so many people into the public world, as a publication would."""
    total = round(mean * 1_000_000) * people
    await connection.execute(
        """INSERT INTO published (kind, code, source, area, period, theme, level, respondents, n, total, low_n, high_n,
               numerator, denominator, detailed_n, histogram, version, publication)
           VALUES ('indicator', $1, 'survey', $2, $3, 'verbinding', 'municipality', $4, $4, $5, 0, 0,
               0, 0, 0, '{}', 1, 1)
           ON CONFLICT (kind, code, source, period, area)
           DO UPDATE SET respondents = excluded.respondents, n = excluded.n, total = excluded.total""",
        code,
        area,
        period,
        people,
        total,
    )


def registered(initiative: str, *municipalities: str, phase: Phase = Phase.EXPLORING) -> InitiativeRegistered:
    """An initiative joined."""
    return InitiativeRegistered(
        initiative=initiative,
        number=None,
        title=f"Initiatief {initiative}",
        challenge="",
        approach="",
        learning_question="",
        lines=(Line.AREA_BASED,),
        cross_overs=(),
        themes=(Theme.CONNECTION,),
        dilemmas=(),
        municipalities=municipalities,
        regions=("west-brabant",),
        partners=(),
        roles=(),
        phase=phase,
    )


def changed(initiative: str, phase: Phase, on: date = DAY) -> InitiativePhaseChanged:
    """An initiative reached a phase."""
    return InitiativePhaseChanged(
        initiative=initiative, previous=Phase.EXPLORING, phase=phase, on=on, themes=(), municipalities=()
    )


def lesson(initiative: str, id_: str, transferable: bool = True, on: date = DAY) -> LessonDrawn:
    """A lesson was drawn."""
    return LessonDrawn(
        initiative=initiative,
        lesson=id_,
        title=f"Les {id_}",
        worked=True,
        transferable=transferable,
        on=on,
        themes=(),
        municipalities=(),
    )


def commitment(id_: str, cents: int, initiative: str | None = "slowcare") -> CommitmentMade:
    """Money was promised."""
    return CommitmentMade(
        line="instrumentarium",
        commitment=id_,
        period=BudgetPeriod.Y2017,
        amount_cents=cents,
        recipient="bom",
        initiative=initiative,
        made_on=DAY,
    )


def disbursement(id_: str, cents: int, initiative: str | None = "slowcare") -> DisbursementMade:
    """Money was paid."""
    return DisbursementMade(
        line="instrumentarium",
        commitment="c",
        disbursement=id_,
        amount_cents=cents,
        recipient="bom",
        initiative=initiative,
        paid_on=DAY,
    )
