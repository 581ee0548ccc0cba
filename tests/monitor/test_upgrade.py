"""From figures by the month alone to quarters and years, and to what is published: exact across the upgrade."""

from decimal import Decimal

import asyncpg
import pytest

from deploy.local.postgres import Postgres
from services.monitor.app import projections
from services.monitor.settings import MonitorSettings
from shared import database
from shared.contracts.community import FINDINGS
from shared.database import migration
from shared.database.migration import migrate
from shared.projections.watermarks import Partition
from tests.shared.database.test_migration import owner

from ..records import NOW, apply_run, cloud_event, findings, run, withdrawal

#: What the version before this one left of a dialogue of twenty in Helmond.
_OLD = """
INSERT INTO area VALUES ('PV30', 'Noord-Brabant', 'province', NULL, '2016-01-01', NULL),
    ('zuidoost-brabant', 'Zuidoost-Brabant', 'region', 'PV30', '2016-01-01', NULL),
    ('GM0794', 'Helmond', 'municipality', 'zuidoost-brabant', '2016-01-01', NULL);
INSERT INTO indicator VALUES ('verbondenheid', 'V', 'V', 'verbinding', 'social', 'score-1-5', 'higher-is-better');
INSERT INTO learning_key VALUES (1, '2017-01-01');
INSERT INTO learning_key_mapping VALUES (1, 'ontmoeting', 'verbondenheid');
INSERT INTO dialogue (id, held_on, withdrawn) VALUES ('old', '2026-11-23', false);
INSERT INTO contribution VALUES ('old', 0, 'verbondenheid', 'verbinding', 'GM0794', '2026-11', '{0,2,5,8,5}');
INSERT INTO aggregate
SELECT kind, of.code, 'verbinding', level, area.code, '2026-11', 1, 20, 20, 76, 306, '{0,2,5,8,5}'
FROM area, (VALUES ('indicator', 'verbondenheid'), ('theme', 'verbinding')) AS of (kind, code);
INSERT INTO aggregate_version SELECT kind, code, area, period, 7 FROM aggregate;
"""

#: What the version before disclosure control left: a figure that may not be public as it stood.
_TOLD = """
INSERT INTO published VALUES ('indicator', 'verbondenheid', 'dialogue', 'PV30', '2026', 'verbinding', 'province', 20,
    20, 76000000, 306000000000000, 20, 0, 0, '{0,2,5,8,5}', 7, 3, 'shown');
UPDATE publication_head SET number = 3;
"""


async def leave(
    postgres: Postgres, settings: MonitorSettings, monkeypatch: pytest.MonkeyPatch, until: str, left: str
) -> None:
    """A schema as it was before a migration, with what was in it."""
    every = migration._files

    def first(service: str) -> list[tuple[str, str]]:
        return [each for each in every(service) if each[0].startswith("shared/") or each[0] < until]

    with monkeypatch.context() as earlier:
        earlier.setattr(migration, "_files", first)
        admin = await asyncpg.connect(owner(postgres, settings))
        await admin.execute("DROP SCHEMA monitor CASCADE")
        await migrate(owner(postgres, settings), "monitor")
        await admin.execute(f"SET search_path TO monitor; {left}")
        await admin.close()


async def test_an_old_dialogue_is_taken_back_exactly_and_versions_go_on(
    postgres: Postgres, settings: MonitorSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await leave(postgres, settings, monkeypatch, "monitor/0002", _OLD)
    ran = await migrate(owner(postgres, settings), "monitor")
    assert "monitor/0006_fold.sql" in ran
    connection = await database.connect("monitor", settings)
    try:
        periods = "SELECT array_agg(DISTINCT period) FROM aggregate WHERE n = 20 AND histogram = '{0,2,5,8,5}'"
        assert sorted(await connection.fetchval(periods)) == ["2026", "2026-11", "2026-Q4"]
        figures, *_ = projections(settings)
        events = [findings("new"), withdrawal("old")]
        await apply_run(connection, figures, Partition(FINDINGS, 0), run(*map(cloud_event, events)), NOW)
        assert await connection.fetchval("SELECT count(*) FROM dead_letter") == 0
        assert await connection.fetchval(periods) is not None
        await apply_run(connection, figures, Partition(FINDINGS, 0), run(cloud_event(withdrawal("new")), start=2), NOW)
        assert await connection.fetchval("SELECT count(*) FROM aggregate") == 0
        assert await connection.fetchval("SELECT min(version) FROM published WHERE period = '2026-11'") == 9
    finally:
        await connection.close()


async def test_what_was_public_before_disclosure_control_is_gone_and_its_version_goes_on(
    postgres: Postgres, settings: MonitorSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await leave(postgres, settings, monkeypatch, "monitor/0010", _TOLD)
    assert "monitor/0010_disclosure.sql" in await migrate(owner(postgres, settings), "monitor")
    connection = await database.connect("monitor", settings)
    try:
        [left] = await connection.fetch("SELECT * FROM published")
        assert {name: value for name, value in left.items() if isinstance(value, int | Decimal) and value} == {
            "version": 7
        }
        assert (left["histogram"], left["shown"]) == ([], None)
    finally:
        await connection.close()
