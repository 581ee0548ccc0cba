"""Postgres of observations: staged by COPY, then stored, published and told of in whole sets."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from asyncpg.cursor import CursorFactory

from shared.contracts.vocabulary import SourceKind
from shared.database import Connection, Record, queries

from ..areas.register import geography
from ..figure.cells import PublicCell
from ..figure.periods import around
from ..figure.public import PublicTally
from ..figure.quantity import Quantity
from ..figure.record import cell_of, columns, public_tally_of
from ..figure.tally import MILLION
from ..indicators.domain import Indicator, IndicatorVersion
from ..indicators.register import indicators
from ..methods.register import methods
from ..publication.domain import Thresholds
from .domain import Counts, PublicationStep
from .file.codebook import Codebook, IndicatorRules, Validity
from .file.figures import COLUMNS

_Q = queries(Path(__file__).with_name("observations.sql"))

#: For sorting and hashing a file's rows; the default is meant for small commands.
_MEMORY = "SET LOCAL work_mem = '64MB'"
_STAGED = ("line", "indicator", "version", "source", "method", "area", "geography", "period", *COLUMNS)
_ERRORS = ("upload", "line", "number", "cell", "column", "value", "reason")

#: What may become of a file.
STATES = ("reading", "accepted", "refused", "failed", "interrupted")
#: A process that reads says so every second.
SILENT = timedelta(seconds=30)


async def begin(connection: Connection) -> None:
    """Make place for the rows of a file, in the caller's transaction. Imports go one at a time."""
    await connection.execute(_Q.one_at_a_time)
    await connection.execute(_MEMORY)
    await connection.execute(_Q.create_staged)
    await connection.execute(_Q.create_ended)


async def read_codebook(connection: Connection, thresholds: Thresholds, today: date) -> Codebook:
    """What rows are held against."""
    return Codebook(
        {code: rules_of(one) for code, one in (await indicators(connection)).items()},
        await methods(connection),
        await geography(connection),
        {source.value: thresholds.of(source) for source in SourceKind},
        today,
        {(row["indicator"], row["source"]): row["periods"] for row in await connection.fetch(_Q.series)},
    )


def rules_of(indicator: Indicator) -> IndicatorRules:
    """What rows about an indicator are held against."""
    quantity = indicator.quantity
    classes = _classes(quantity) if indicator.unit != "percentage" else None
    return IndicatorRules(indicator.code, quantity, classes, _validities(indicator.versions))


def _classes(quantity: Quantity) -> int | None:
    """One for each whole number on the scale."""
    if quantity.low is None or quantity.high is None:
        return None
    return (quantity.high - quantity.low) // MILLION + 1


def _validities(versions: Iterable[IndicatorVersion]) -> dict[int, Validity]:
    """Each until the next that begins later; the first is its definition, without a day."""
    begins = [(1, None), *((one.version, one.valid_from) for one in versions)]
    begins.sort(key=lambda each: (each[1] or date.min, each[0]))
    ends = [*(start for _, start in begins[1:]), None]
    return {number: Validity(start, end) for (number, start), end in zip(begins, ends, strict=True)}


async def stage(connection: Connection, lines: AsyncIterator[bytes]) -> None:
    """Take checked rows in, as COPY has them."""
    await connection.copy_to_table("staged", source=lines, columns=_STAGED)


async def take_out_doubles(connection: Connection) -> Sequence[Record]:
    """Remove lines about what an earlier line of the file is about: `line` and `first`."""
    return await connection.fetch(_Q.take_out_doubles)


async def take_out_unchanged(connection: Connection) -> int:
    """Remove lines that say what was said before, exactly or as it is public; returns how many. A correction that
    waited goes where a line says what is public."""
    await connection.execute(_Q.take_back)
    return _touched(await connection.execute(_Q.take_out_unchanged))


async def take_out_exported(connection: Connection) -> Sequence[Record]:
    """Remove lines that say no more than an export does, and not what is public: `line` and `indicator`."""
    return await connection.fetch(_Q.take_out_exported)


async def hold_steps(connection: Connection) -> None:
    """Until this transaction ends nothing that is stored is published, or taken away."""
    await connection.execute(_Q.hold_steps)


def corrections(connection: Connection, prefetch: int) -> CursorFactory:
    """Staged lines about what was public, each with every version of it that ever was, by line. In a transaction."""
    return connection.cursor(_Q.corrections, prefetch=prefetch)


async def index_staged(connection: Connection) -> None:
    """Find staged lines by their number."""
    await connection.execute(_Q.index_staged)


async def set_waiting(connection: Connection, lines: list[int]) -> None:
    """Note that staged lines are not public: what was, stays."""
    await connection.execute(_Q.set_waiting, lines)


async def set_coarse(connection: Connection, lines: Sequence[tuple[int, PublicTally]]) -> None:
    """Note that of staged lines less is public than their n allows."""
    rows = [(line, public.total, public.low_n, public.high_n) for line, public in lines]
    await connection.execute(_Q.set_coarse, *columns(rows))


async def subjects(connection: Connection) -> Sequence[Record]:
    """The indicators and sources of staged lines, without corrections that wait."""
    return await connection.fetch(_Q.subjects)


async def find_replaced(connection: Connection) -> int:
    """Note which lines the staged ones replace; returns how many."""
    return _touched(await connection.execute(_Q.find_replaced))


async def public_replaced(connection: Connection) -> Sequence[Record]:
    """Indicator, source and year of what is replaced and public."""
    return await connection.fetch(_Q.public_replaced)


async def insert_new(connection: Connection, upload: str) -> int:
    """Store the staged lines, to be published. Raises asyncpg.UniqueViolationError when there is one about the same."""
    return _touched(await connection.execute(_Q.insert_new, upload))


async def insert_beside_replaced(connection: Connection, upload: str, number: int | None, event: str | None) -> None:
    """End what is replaced and store the staged lines: those that replace what is public in this publication."""
    await connection.execute(_Q.drop_waiting)
    await connection.execute(_Q.drop_unseen)
    await connection.execute(_Q.forget_ended)
    await connection.execute(_Q.end_replaced, number, event)
    await connection.execute(_Q.insert_beside_replaced, upload, number)
    await connection.execute(_Q.count_entries, upload, await connection.fetchval(_Q.count_public_replaced))


async def insert_pending(connection: Connection, upload: str, years: Sequence[tuple[str, str, str]]) -> None:
    """Leave the steps of publication to be done: indicator, source and year of each."""
    await connection.execute(_Q.insert_pending, upload, *map(list, zip(*years, strict=True)))


async def insert_series(connection: Connection, begun: Sequence[tuple[str, str, str, str]]) -> None:
    """Remember at which level a period is told of."""
    if begun:
        await connection.execute(_Q.insert_series, *map(list, zip(*begun, strict=True)))


async def insert_import(connection: Connection, upload: str, file_name: str, now: datetime, event: str) -> None:
    """Store an import that an event told of."""
    await connection.execute(_Q.insert_import, upload, file_name, now, event)


async def insert_upload(
    connection: Connection, upload: str, sha256: str, file_name: str, good_rows: bool, size: int, now: datetime
) -> None:
    """A file was offered."""
    await connection.execute(_Q.insert_upload, upload, sha256, file_name, good_rows, size, now)


async def progress(connection: Connection, upload: str, position: int, rows: int) -> None:
    """How far the reading of a file is."""
    await connection.execute(_Q.progress, upload, position, rows)


async def finish(
    connection: Connection, upload: str, state: str, counts: Counts, encoding: str | None, errors_kept: int
) -> None:
    """What became of a file, in which encoding it was read and how many of its errors are kept."""
    await connection.execute(
        _Q.finish,
        upload,
        state,
        counts.rows,
        counts.stored,
        counts.replaced,
        counts.waiting,
        counts.unchanged,
        counts.refused,
        counts.errors,
        encoding,
        errors_kept,
    )


async def fail(connection: Connection, upload: str) -> None:
    """The reading of a file broke off."""
    await connection.execute(_Q.fail, upload)


async def insert_errors(connection: Connection, lines: AsyncIterator[bytes]) -> None:
    """Store a report, as COPY has it."""
    await connection.copy_to_table("observation_error", source=lines, columns=_ERRORS)


async def forget_errors(connection: Connection, before: datetime) -> None:
    """Remove the errors of files that were offered before a moment; how many there were stays."""
    await connection.execute(_Q.forget_errors, before)


async def upload(connection: Connection, id_: str) -> Record | None:
    """A file that was offered."""
    return await connection.fetchrow(_Q.upload, id_)


async def uploads(connection: Connection, limit: int) -> Sequence[Record]:
    """The files that were offered, latest first."""
    return await connection.fetch(_Q.uploads, limit)


async def count_uploads(connection: Connection) -> dict[str, int]:
    """How many files are in each state; `interrupted` is one whose reader has not been heard of for a while."""
    rows = await connection.fetch(_Q.count_uploads, SILENT)
    return {**dict.fromkeys(STATES, 0), **{row["state"]: row["uploads"] for row in rows}}


async def count_pending(connection: Connection) -> int:
    """How many steps of publication are to be done."""
    count: int = await connection.fetchval(_Q.count_pending)
    return count


async def errors(connection: Connection, id_: str, limit: int) -> Sequence[Record]:
    """The first of what was wrong with a file, by line."""
    return await connection.fetch(_Q.errors, id_, limit)


async def errors_after(connection: Connection, id_: str, line: int, number: int) -> Sequence[Record]:
    """The next of what was wrong with a file, by line and number."""
    return await connection.fetch(_Q.errors_after, id_, line, number)


async def imports(connection: Connection, limit: int) -> Sequence[Record]:
    """The imports of observations, the newest first: `id` and `at`."""
    return await connection.fetch(_Q.imports, limit)


async def take_step(connection: Connection) -> PublicationStep | None:
    """The next step to publish, which is then no longer to be done; None when there is none. Others wait for theirs
    until this transaction ends."""
    await hold_steps(connection)
    row = await connection.fetchrow(_Q.take_pending)
    if row is None:
        return None
    return PublicationStep(row["import"], row["indicator"], row["source"], row["year"], row["event"])


async def unit_lines(connection: Connection, step: PublicationStep) -> Sequence[Record]:
    """The lines of a step that may not be public as they are; those that replace such a line are so too."""
    return await connection.fetch(_Q.unit_lines, step.upload, *step.series)


async def keep_as_units(connection: Connection, step: PublicationStep, lines: list[int]) -> None:
    """These lines of a step wait as units."""
    await connection.execute(_Q.keep_as_units, step.upload, *step.series, lines)


async def has_pending(connection: Connection, step: PublicationStep) -> bool:
    """Whether a step has lines to be published."""
    return bool(await connection.fetchval(_Q.has_pending, step.upload, *step.series))


async def publish_lines(connection: Connection, number: int, step: PublicationStep) -> None:
    """Make the lines of a step that are to be published public, numbered in order of period and area."""
    done = await connection.execute(_Q.publish_lines, step.upload, *step.series, number)
    await connection.execute(_Q.count_entries, step.upload, _touched(done))


async def published_deltas(connection: Connection, number: int, step: PublicationStep) -> dict[PublicCell, PublicTally]:
    """What a publication published and dissolved of the series of a step, per figure around it that it moves."""
    periods = [row["period"] for row in await connection.fetch(_Q.periods_of, *step.series)]
    wide = [(period, wider) for period in periods for wider in around(period)]
    rows = await connection.fetch(_Q.published_deltas, number, *step.series, *map(list, zip(*wide, strict=True)))
    return {cell_of(row): delta for row in rows if (delta := public_tally_of(row))}


async def note_publication(connection: Connection, step: PublicationStep, number: int) -> None:
    """Remember the last publication of an upload."""
    await connection.execute(_Q.note_publication, step.upload, number)


def published(connection: Connection, indicator: str | None, source: SourceKind | None, prefetch: int) -> CursorFactory:
    """What stands and is published as it is, in its public form: of an indicator and a source, or of all. In a
    transaction."""
    return connection.cursor(_Q.published, indicator, source, prefetch=prefetch)


def _touched(status: str) -> int:
    return int(status.rsplit(" ", 1)[1])
