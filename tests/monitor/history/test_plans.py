"""The questions that are written for one plan say what the same questions in plain SQL say."""

from hypothesis import given

from services.monitor.figure.record import tally_of
from services.monitor.figure.tally import NOTHING, Tally
from services.monitor.history import log
from services.monitor.history.domain import BEGINNING, LineMove, LogPlace, Scope, after
from services.monitor.history.frame import scope_of
from shared.database import Connection

from .histories import History, histories, put, state
from .test_log import hypothesis, undone

_PLAIN = """
    SELECT m.*, p.at, p.reason FROM public_move AS m JOIN publication AS p ON p.number = m.publication
    WHERE indicator = ANY($1::text[]) AND source = $2 AND area = ANY($3::text[]) AND period = ANY($4::text[])
    ORDER BY m.publication, origin, entry
"""


async def plain(connection: Connection, scope: Scope) -> list[tuple[LogPlace, Tally]]:
    """Every move of a figure, and what it does to it."""
    return [
        (
            LogPlace(row["publication"], row["origin"], row["entry"]),
            tally_of(row) if row["sign"] > 0 else -tally_of(row),
        )
        for row in await connection.fetch(_PLAIN, scope.indicators, scope.source, scope.areas.split(), scope.periods)
    ]


def place_and_change(move: LineMove) -> tuple[LogPlace, Tally]:
    return move.place, move.change


@hypothesis
@given(past=histories())
async def test_sum_and_moves_of_a_figure_are_those_of_plain_sql(monitor: Connection, past: History) -> None:
    async with undone(monitor):
        await put(monitor, past)
        frame = await log.present_frame(monitor)
        for cell in list(state(past, past.publications))[:20]:
            scope = scope_of(cell, frame)
            moves = await plain(monitor, scope)
            found = await log.figure_moves(monitor, scope, BEGINNING, past.publications, 1000)
            assert [place_and_change(move) for move in found] == moves
            for since in range(past.publications):
                summed = await log.figure_between(monitor, scope, after(since), after(past.publications))
                wanted = sum((change for place, change in moves if place >= after(since)), NOTHING)
                assert not summed + -wanted
