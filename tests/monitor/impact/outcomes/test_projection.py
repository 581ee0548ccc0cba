"""Money and lessons per initiative: folded exactly once, in any order, against a recomputation of its own."""

# ruff: noqa: S608  the queries are put together from names in the tests

import json
import random

import msgspec
import pytest

from services.monitor.impact.outcomes import store
from services.monitor.impact.outcomes.projection import PROJECTION
from services.monitor.impact.outcomes.views import initiative_costs
from shared.contracts import Contract
from shared.contracts.finance import LINES
from shared.contracts.initiatives import TOPIC
from shared.contracts.vocabulary import Phase
from shared.database import Connection
from shared.projections.watermarks import Partition
from tests.records import NOW, apply_run, cloud_event, run

from ..samples import changed, commitment, disbursement, lesson, registered
from .recomputation import COLUMNS, Table, spending_tables

INITIATIVES, MONEY = Partition(TOPIC, 0), Partition(LINES, 0)


async def fold(connection: Connection, *events: Contract, start: int = 0) -> None:
    """Fold events of one topic."""
    here = Partition(events[0].topic, 0)
    await apply_run(connection, PROJECTION, here, run(*map(cloud_event, events), start=start), NOW)


async def found(connection: Connection) -> dict[str, Table]:
    """The tables as they are."""
    tables: dict[str, Table] = {}
    for name, (keys, values) in COLUMNS.items():
        width = len(keys.split(","))
        rows = await connection.fetch(f"SELECT {keys}, {values} FROM {name}")
        tables[name] = {
            tuple(row[:width]): tuple(tuple(v) if isinstance(v, list) else v for v in row[width:]) for row in rows
        }
    return tables


def recomputed(events: list[Contract]) -> dict[str, Table]:
    """The tables as they must be."""
    return spending_tables(
        (e.type.removeprefix("nl.veerkracht.").removesuffix(".v1"), json.loads(msgspec.json.encode(e))) for e in events
    )


async def test_money_before_its_initiative_is_kept_and_joined_later(monitor_connection: Connection) -> None:
    await fold(monitor_connection, commitment("c1", 500_00), disbursement("d1", 120_00))
    (row,) = await store.initiatives(monitor_connection)
    assert (row["id"], row["title"], row["disbursed_cents"]) == ("slowcare", None, 120_00)
    await fold(monitor_connection, registered("slowcare"), lesson("slowcare", "l1"))
    costs = initiative_costs((await store.initiatives(monitor_connection))[0])
    assert (costs.title, costs.committed_cents, costs.cost_per_outcome.cents) == ("Initiatief slowcare", 500_00, 120_00)


async def test_cost_per_outcome_is_unknown_with_its_reason(monitor_connection: Connection) -> None:
    await fold(monitor_connection, registered("slowcare"), registered("lokaal-plus"), lesson("lokaal-plus", "l1"))
    await fold(monitor_connection, disbursement("d1", 120_00))
    lokaal, slow = [
        initiative_costs(row).cost_per_outcome for row in await store.initiatives(monitor_connection, limit=9)
    ]
    assert (slow.cents, slow.unknown) == (None, "er is nog geen uitkomst vastgelegd")
    assert (lokaal.cents, lokaal.unknown) == (None, "er is nog niets uitbetaald")


async def test_money_of_no_initiative_counts_for_the_programme_only(monitor_connection: Connection) -> None:
    await fold(monitor_connection, disbursement("d1", 10_00, None), disbursement("d2", 7))
    assert [row["id"] for row in await store.initiatives(monitor_connection, limit=9)] == ["slowcare"]
    assert (await store.programme_costs(monitor_connection))["disbursed_cents"] == 10_07


@pytest.mark.parametrize("seed", range(3))
async def test_any_order_and_any_repeats_equal_the_recomputation(monitor_connection: Connection, seed: int) -> None:
    dice = random.Random(seed)
    names = ["slowcare", "lokaal-plus", "dorpsmolen"]
    life: list[Contract] = []
    for name in names:
        life += [registered(name, "GM0828"), changed(name, Phase.RUNNING), lesson(name, f"{name}-l"),
                 changed(name, Phase.STOPPED)]  # fmt: skip
    money: list[Contract] = []
    for number in range(30):
        made = dice.choice([commitment, disbursement])
        money.append(made(f"m{number}", dice.randrange(1, 10**9), dice.choice([*names, None])))
    for events in (life, money):
        values = [cloud_event(event) for event in events]
        # Partitions may have been added: not even one initiative's events are sure to come in order.
        log = [*dice.sample(values, len(values)), *dice.choices(values, k=10)]
        done, here = 0, Partition(events[0].topic, 0)
        while done < len(log):
            size, again = dice.randint(1, 7), dice.randint(0, min(done, 3))
            await apply_run(
                monitor_connection, PROJECTION, here, run(*log[done - again : done + size], start=done - again), NOW
            )
            done += size
    assert await found(monitor_connection) == recomputed([*life, *money])


async def test_money_that_is_folded_again_is_counted_once_even_without_claims(monitor_connection: Connection) -> None:
    event = disbursement("d1", 1_00)
    here, value = Partition(event.topic, 0), cloud_event(event)
    await apply_run(monitor_connection, PROJECTION, here, run(value), NOW)
    await monitor_connection.execute("TRUNCATE claim")
    await apply_run(monitor_connection, PROJECTION, here, run(value, start=1), NOW)
    assert await found(monitor_connection) == recomputed([event])


async def test_control_without_claims_and_entries_money_counts_twice(
    monitor_connection: Connection,
) -> None:
    """Negative control."""
    event = disbursement("d1", 1_00)
    here, value = Partition(event.topic, 0), cloud_event(event)
    await apply_run(monitor_connection, PROJECTION, here, run(value), NOW)
    await monitor_connection.execute("TRUNCATE claim, initiative_entry")
    await apply_run(monitor_connection, PROJECTION, here, run(value, start=1), NOW)
    assert await found(monitor_connection) != recomputed([event])
