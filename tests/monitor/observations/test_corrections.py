"""Corrections: every one is stored, and is public only when what it tells beside all that ever was may be public."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from services.monitor.figure.public import PublicTally, publishable
from services.monitor.figure.quantity import SCORES, Quantity, quantity_of
from services.monitor.figure.record import tally_of
from services.monitor.figure.tally import MILLION, Tally
from services.monitor.observations.domain import Correction, PublicVersion, correction
from shared.contracts.vocabulary import Measure
from shared.database import Connection, Record

from .conftest import Import
from .test_handlers import folded, live
from .world import TEN, eenzaam, regie, vertrouwen, vrijwilligers

RATIO = quantity_of(Measure.RATIO, "percentage")
COUNT = quantity_of(Measure.COUNT, "people")
CLASSES = quantity_of(Measure.DISTRIBUTION, "score-1-5")


def mean(n: int, value: int = 3_250_000) -> Tally:
    return Tally(n, n, n * value)


def ratio(part: int, whole: int) -> Tally:
    return Tally(whole, numerator=part, denominator=whole)


def count(part: int, whole: int = 0) -> Tally:
    return Tally(part, numerator=part, denominator=whole)


def classes(*counts: int) -> Tally:
    return Tally(sum(counts), sum(counts), histogram=counts)


def judged(new: Tally, *old: Tally, quantity: Quantity = SCORES, coarse: bool = False) -> Correction | None:
    return correction(new, [PublicVersion(each, coarse) for each in old], quantity, 10)


def test_the_difference_must_be_of_nobody_or_of_a_group() -> None:
    assert judged(mean(50), mean(50, 4_000_000)) is not None
    assert judged(mean(59), mean(50)) is None
    assert judged(mean(41), mean(50)) is None
    assert judged(mean(60), mean(50)) is not None
    assert judged(mean(40), mean(50)) is not None


def test_it_is_held_against_every_version_not_the_last_alone() -> None:
    assert judged(mean(53), mean(63)) is not None
    assert judged(mean(53), mean(50), mean(63)) is None


def test_what_is_itself_too_small_waits() -> None:
    assert judged(mean(9), mean(50)) is None
    assert judged(ratio(5, 1000), ratio(450, 1000), quantity=RATIO) is None
    assert judged(count(9), count(50), quantity=COUNT) is None


def test_of_a_ratio_part_and_rest_of_the_difference_must_be_enough() -> None:
    def may(new: Tally) -> bool:
        return judged(new, ratio(450, 1000), quantity=RATIO) is not None

    assert may(ratio(451, 1000))
    assert may(ratio(460, 1020))
    assert not may(ratio(459, 1030))
    assert not may(Tally(1000, numerator=453, denominator=1003)), "as many people, of another whole"
    assert not may(ratio(480, 1039))
    assert may(ratio(440, 980))


def test_of_a_count_the_difference_must_be_enough_and_that_of_its_rest() -> None:
    def may(new: Tally, old: Tally) -> bool:
        return judged(new, old, quantity=COUNT) is not None

    assert may(count(60), count(50))
    assert not may(count(59), count(50))
    assert not may(count(50, 1003), count(50, 1000))
    assert may(count(50, 1010), count(50, 1000))
    assert may(count(50, 1003), count(50))


def test_more_than_a_rounded_mean_needs_a_hundred_beside_what_was_shown_so() -> None:
    fine, rounded = 3_251_234, 3_300_000
    assert judged(mean(420, fine), mean(400)) == Correction(PublicTally(420, 420, 420 * rounded), True)
    assert judged(mean(500, fine), mean(400)) == Correction(PublicTally(500, 500, 500 * 3_251_000), False)
    assert judged(mean(400, fine), mean(400)) == Correction(PublicTally(400, 400, 400 * 3_251_000), False)
    # Beside what was rounded itself there is nothing to subtract exactly.
    assert judged(mean(420, fine), mean(400), coarse=True) == Correction(PublicTally(420, 420, 420 * 3_251_000), False)
    assert judged(mean(105, fine), mean(90)) == Correction(PublicTally(105, 105, 105 * 3_251_000), False)


def test_classes_need_a_hundred_too_and_no_class_that_moves_by_a_few() -> None:
    was = classes(100, 100, 100, 100, 100)
    whole = judged(classes(120, 120, 120, 120, 120), was, quantity=CLASSES)
    assert whole is not None
    assert whole.public.distribution() == (120, 120, 120, 120, 120)
    for new in (classes(105, 105, 105, 105, 105), classes(103, 130, 130, 130, 130)):
        found = judged(new, was, quantity=CLASSES)
        assert found is not None
        assert (found.coarse, found.public.n, found.public.distribution()) == (True, sum(new.histogram), ())


@dataclass
class Cell:
    """An observation through its corrections."""

    quantity: Quantity
    versions: list[PublicVersion]
    shown: PublicTally | None = None

    def take(self, exact: Tally) -> bool:
        """Correct it; whether that is public."""
        found = correction(exact, self.versions, self.quantity, 10)
        if found is None:
            return False
        self.versions.append(PublicVersion(exact, found.coarse))
        self.shown = found.public
        return True


_PEOPLE = st.one_of(st.integers(0, 60), st.integers(80, 260))
_ONES = st.integers(0, 80)
_SEQUENCES = st.one_of(
    st.tuples(
        st.just(SCORES), st.lists(st.builds(mean, _PEOPLE, st.integers(MILLION, 5 * MILLION)), min_size=2, max_size=12)
    ),
    st.tuples(
        st.just(RATIO), st.lists(st.builds(lambda a, b: ratio(a, a + b), _ONES, _PEOPLE), min_size=2, max_size=12)
    ),
    st.tuples(
        st.just(COUNT),
        st.lists(
            st.builds(lambda a, b: count(a, a + b if b else 0), _ONES, st.one_of(st.just(0), _PEOPLE)),
            min_size=2,
            max_size=12,
        ),
    ),
    st.tuples(
        st.just(CLASSES), st.lists(st.builds(classes, _ONES, _ONES, _ONES, _ONES, _ONES), min_size=2, max_size=12)
    ),
)


@given(_SEQUENCES)
def test_any_two_that_were_ever_public_differ_by_nobody_or_by_what_may_be_public(
    given_: tuple[Quantity, Sequence[Tally]],
) -> None:
    quantity, sequence = given_
    cell = Cell(quantity, [])
    for exact in sequence:
        before = cell.shown
        if not cell.take(exact):
            assert cell.shown == before
    require_apart([version.exact for version in cell.versions], quantity)
    detailed = [version.exact for version in cell.versions if version.in_detail]
    for new, old in combinations(detailed, 2):
        assert new.respondents == old.respondents or abs(new.respondents - old.respondents) >= 100
        assert publishable(new, quantity, 10) is not None


def require_apart(public: Sequence[Tally], quantity: Quantity) -> None:
    """Of no two of these the difference may be of a few people: said in other words than the rule itself."""
    for new, old in combinations(public, 2):
        people = {abs(new.respondents - old.respondents)}
        parts = {abs(new.numerator - old.numerator)}
        rest = {abs(new.denominator - new.numerator - old.denominator + old.numerator)}
        few = set(range(1, 10))
        if quantity.measure is Measure.RATIO:
            assert people == {0} or not (people | parts | rest) & (few | {0})
        elif quantity.measure is Measure.COUNT:
            assert not parts & few
            assert not (new.denominator and old.denominator and rest & few)
        else:
            assert not people & few


def test_a_sequence_judged_by_its_last_version_alone_fails() -> None:
    """Negative control: what the issue saw."""
    sequence = [mean(50), mean(63), mean(53)]
    assert judged(sequence[2], sequence[1]) is not None
    try:
        require_apart(sequence, SCORES)
    except AssertionError:
        return
    raise AssertionError("50 and 53 are not told apart")


async def public_world(connection: Connection) -> dict[str, Sequence[Record]]:
    """All that anything public is made of."""
    return {
        name: await connection.fetch(query)
        for name, query in {
            "lines": "SELECT * FROM public_line ORDER BY published, indicator, source, area, period",
            "moves": "SELECT * FROM public_move ORDER BY publication, sign, origin, entry",
            "figures": "SELECT * FROM published ORDER BY kind, code, source, period, area",
            "events": "SELECT * FROM outbox ORDER BY position",
            "publications": "SELECT * FROM publication ORDER BY number",
            "head": "SELECT * FROM publication_head",
            "imports": "SELECT * FROM observation_import ORDER BY id",
            "findings": "SELECT * FROM quality_finding ORDER BY id",
            "exported": "SELECT * FROM observation WHERE published IS NOT NULL ORDER BY published, import, entry",
        }.items()
    }


async def stands(connection: Connection, code: str = "regie") -> tuple[int, int]:
    """How many are behind the public figure of Helmond, and what stands beside it and waits."""
    n = await connection.fetchval(
        "SELECT respondents FROM published WHERE code = $1 AND area = 'GM0794' AND period = '2024'", code
    )
    waiting = await connection.fetchval("SELECT respondents FROM observation WHERE waiting AND indicator = $1", code)
    return n, waiting or 0


async def test_fifty_sixty_three_fifty_three(monitor: Connection, take_in: Import) -> None:
    await take_in(regie(n="50"))
    await take_in(regie(n="63"))
    assert await stands(monitor) == (63, 0)
    before = await public_world(monitor)
    counts = await take_in(regie(n="53"))
    assert (counts.stored, counts.replaced, counts.waiting, counts.refused) == (1, 0, 1, 0)
    assert await stands(monitor) == (63, 53)
    assert await public_world(monitor) == before
    assert await live(monitor) == await folded(monitor)


async def test_one_that_waits_is_replaced_and_the_next_is_judged_anew(monitor: Connection, take_in: Import) -> None:
    await take_in(regie(n="50"))
    for n in ("53", "45", "9"):
        before = await public_world(monitor)
        assert (await take_in(regie(n=n))).waiting == 1
        assert await stands(monitor) == (50, int(n))
        assert await public_world(monitor) == before
        assert (await take_in(regie(n=n, waarde="3,250"))).unchanged == 1
    counts = await take_in(regie(n="62"))
    assert (counts.replaced, counts.waiting) == (1, 0)
    assert await stands(monitor) == (62, 0)
    assert await live(monitor) == await folded(monitor)


async def test_there_and_back_again(monitor: Connection, take_in: Import) -> None:
    for turn, n in enumerate(("50", "63", "50", "63")):
        # Exactly the same file would be one that was taken in before.
        await take_in(regie(n=n, waarde="3,25" + "0" * turn))
        assert await stands(monitor) == (int(n), 0)
    assert await live(monitor) == await folded(monitor)
    entries = [row["entry"] for row in await monitor.fetch("SELECT entry FROM public_move")]
    assert entries == [1] * 7


async def test_to_say_again_what_is_public_takes_back_what_waits(monitor: Connection, take_in: Import) -> None:
    await take_in(regie(n="50"))
    await take_in(regie(n="53"))
    before = await public_world(monitor)
    counts = await take_in(regie(n="50", waarde="3,250"))
    assert (counts.stored, counts.unchanged) == (0, 1)
    assert await stands(monitor) == (50, 0)
    assert await public_world(monitor) == before


async def test_a_file_of_both_tells_of_what_is_public_alone(monitor: Connection, take_in: Import) -> None:
    await take_in(regie(n="50"), eenzaam(), vrijwilligers(teller="50"))
    counts = await take_in(regie(n="53"), eenzaam(teller="455"), vrijwilligers(teller="53"))
    assert (counts.stored, counts.replaced, counts.waiting) == (3, 1, 2)
    assert await stands(monitor) == (50, 53)
    assert await stands(monitor, "vrijwilligers") == (50, 53)
    told = await monitor.fetchval(
        "SELECT convert_from(data, 'UTF8') FROM outbox WHERE type LIKE '%observations.imported%' ORDER BY position DESC"
    )
    assert "eenzaam" in told
    assert "regie" not in told
    assert "vrijwilligers" not in told


async def test_detail_is_kept_back_where_the_difference_is_of_fewer_than_a_hundred(
    monitor: Connection, take_in: Import
) -> None:
    await take_in(regie(waarde="3,251"), vertrouwen())
    await take_in(regie(waarde="3,257", n="432"), vertrouwen(verdeling="40|60|100|30|20"))
    rows = await monitor.fetch(
        "SELECT n, public_total, public_histogram, coarse FROM observation"
        " WHERE published IS NOT NULL AND dissolved IS NULL ORDER BY indicator"
    )
    assert [tuple(row) for row in rows] == [(432, 432 * 3_300_000, [], True), (250, 0, [], True)]
    await take_in(regie(waarde="3,257", n="560"), vertrouwen(verdeling="130|150|190|120|110"))
    rows = await monitor.fetch(
        "SELECT n, public_total, public_histogram, coarse FROM observation"
        " WHERE published IS NOT NULL AND dissolved IS NULL ORDER BY indicator"
    )
    assert [tuple(row) for row in rows] == [
        (560, 560 * 3_257_000, [], False),
        (700, 0, [130, 150, 190, 120, 110], False),
    ]
    assert await live(monitor) == await folded(monitor)


async def test_no_history_of_corrections_tells_of_a_few(monitor: Connection, take_in: Import) -> None:
    """Many cells at once, through Postgres: what the domain decides is what is public."""
    rng = random.Random(13)
    sizes = (*range(3, 80, 3), 100, 104, 150, 215, 300)
    areas = ("GM0794", "GM0772", "GM1959")
    years = tuple(str(year) for year in range(2019, 2025))

    def rows() -> list[Mapping[str, str]]:
        made: list[Mapping[str, str]] = []
        for area in areas:
            for year in years:
                about = {"gebied": area, "periode": year, "indeling": year}
                n, part = rng.choice(sizes), rng.choice(sizes)
                made += [
                    regie(**about, n=str(n + 7), waarde=f"{1 + rng.randrange(401) / 100:.2f}".replace(".", ",")),
                    eenzaam(**about, teller=str(part), noemer=str(part + n)),
                    vrijwilligers(**about, teller=str(n)),
                    vertrouwen(**about, verdeling="|".join(str(rng.choice(sizes) // 2) for _ in range(5))),
                ]
        return made

    waited = 0
    for _ in range(6):
        waited += (await take_in(*rows())).waiting
        assert await live(monitor) == await folded(monitor)
    assert waited > 20
    cells: dict[tuple[str, ...], list[Tally]] = {}
    for row in await monitor.fetch("SELECT * FROM observation WHERE published IS NOT NULL"):
        cells.setdefault((row["indicator"], row["source"], row["period"], row["area"]), []).append(tally_of(row))
    measures = {"regie": SCORES, "eenzaam": RATIO, "vrijwilligers": COUNT, "vertrouwen": CLASSES}
    assert max(map(len, cells.values())) > 2
    for (indicator, *_), versions in cells.items():
        require_apart(versions, measures[indicator])
        assert all(publishable(version, measures[indicator], TEN.default) for version in versions)
