"""A small monitor to import into, and files to import."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

from services.monitor.areas.domain import Area, AreaChange
from services.monitor.areas.geography import Geography
from services.monitor.figure.quantity import SCORES, quantity_of
from services.monitor.observations import store
from services.monitor.observations.domain import Counts, Offer
from services.monitor.observations.file.codebook import Codebook, IndicatorRules, Validity
from services.monitor.observations.file.layout import COLUMNS
from services.monitor.observations.handlers import load
from services.monitor.observations.steps import release_all
from services.monitor.publication.domain import Thresholds
from shared.contracts.vocabulary import AreaChangeKind, AreaLevel, Measure, SourceKind
from shared.database import Connection
from shared.outbox.cause import Cause

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
CAUSE = Cause(NOW, "test", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
TEN = Thresholds(10)

#: A monitor with the merger of Altena in 2019 and one indicator of each measure; `regie` was recalibrated in 2019.
SETUP = """
INSERT INTO area (code, name, level, parent, valid_from, valid_until) VALUES
    ('PV30', 'Noord-Brabant', 'province', NULL, '2016-01-01', NULL),
    ('zuidoost-brabant', 'Zuidoost-Brabant', 'region', 'PV30', '2016-01-01', NULL),
    ('west-brabant', 'West-Brabant', 'region', 'PV30', '2016-01-01', NULL),
    ('GM0794', 'Helmond', 'municipality', 'zuidoost-brabant', '2016-01-01', NULL),
    ('GM0772', 'Eindhoven', 'municipality', 'zuidoost-brabant', '2016-01-01', NULL),
    ('GM0738', 'Aalburg', 'municipality', 'west-brabant', '2016-01-01', '2019-01-01'),
    ('GM1959', 'Altena', 'municipality', 'west-brabant', '2019-01-01', NULL);
INSERT INTO indicator (code, name_nl, name_en, theme, resource_family, unit, direction, measure) VALUES
    ('regie', 'Eigen regie', 'Control', 'gezondheid', 'personal', 'score-1-5', 'higher-is-better', 'mean'),
    ('eenzaam', 'Eenzaam', 'Lonely', 'gezondheid', 'personal', 'percentage', 'lower-is-better', 'ratio'),
    ('vrijwilligers', 'Vrijwilligers', 'Volunteers', 'verbinding', 'social', 'people', 'higher-is-better', 'count'),
    ('vertrouwen', 'Vertrouwen', 'Trust', 'vertrouwen', 'social', 'score-1-5', 'higher-is-better', 'distribution');
INSERT INTO method VALUES ('online', 'Online vragenlijst'), ('telefonisch', 'Telefonisch gesprek'),
    ('gezondheidsmonitor', 'Gezondheidsmonitor van de GGD');
INSERT INTO indicator_version VALUES ('regie', 2, '2.0', 'andere vraag', '2019-01-01', false, 'andere schaal');
"""

_OPEN = {1: Validity(None, None)}
INDICATORS = {
    each.code: each
    for each in (
        IndicatorRules(
            "regie",
            SCORES,
            5,
            {1: Validity(None, date(2019, 1, 1)), 2: Validity(date(2019, 1, 1), None)},
        ),
        IndicatorRules("eenzaam", quantity_of(Measure.RATIO, "percentage"), None, _OPEN),
        IndicatorRules("vrijwilligers", quantity_of(Measure.COUNT, "people"), None, _OPEN),
        IndicatorRules("vertrouwen", quantity_of(Measure.DISTRIBUTION, "score-1-5"), 5, _OPEN),
    )
}
METHODS = ("gezondheidsmonitor", "online", "telefonisch")
_SINCE = date(2016, 1, 1)
BORDERS = Geography(
    (
        Area("PV30", "Noord-Brabant", AreaLevel.PROVINCE, None, _SINCE, None),
        Area("zuidoost-brabant", "Zuidoost-Brabant", AreaLevel.REGION, "PV30", _SINCE, None),
        Area("west-brabant", "West-Brabant", AreaLevel.REGION, "PV30", _SINCE, None),
        Area("noordoost-brabant", "Noordoost-Brabant", AreaLevel.REGION, "PV30", _SINCE, None),
        Area("GM0794", "Helmond", AreaLevel.MUNICIPALITY, "zuidoost-brabant", _SINCE, None),
        Area("GM0772", "Eindhoven", AreaLevel.MUNICIPALITY, "zuidoost-brabant", _SINCE, None),
        Area("GM0738", "Aalburg", AreaLevel.MUNICIPALITY, "west-brabant", _SINCE, date(2019, 1, 1)),
        Area("GM1959", "Altena", AreaLevel.MUNICIPALITY, "west-brabant", date(2019, 1, 1), None),
        Area("GM0757", "Boxtel", AreaLevel.MUNICIPALITY, "noordoost-brabant", _SINCE, None),
        Area("GM0788", "Haaren", AreaLevel.MUNICIPALITY, "noordoost-brabant", _SINCE, date(2021, 1, 1)),
        Area("GM0865", "Vught", AreaLevel.MUNICIPALITY, "noordoost-brabant", _SINCE, None),
    ),
    (
        AreaChange(date(2019, 1, 1), AreaChangeKind.MERGER, ("GM0738",), ("GM1959",)),
        AreaChange(date(2021, 1, 1), AreaChangeKind.DIVISION, ("GM0788",), ("GM0757", "GM0865")),
    ),
)


def known() -> Codebook:
    """The same, without Postgres."""
    return Codebook(INDICATORS, METHODS, BORDERS, {source.value: 10 for source in SourceKind}, NOW.date())


def regie(**cells: str) -> dict[str, str]:
    """A right row about a mean; other cells as given."""
    return {
        "indicator": "regie",
        "versie": "2",
        "gebied": "GM0794",
        "indeling": "2024",
        "periode": "2024",
        "bron": "enquete",
        "methode": "online",
        "waarde": "3,25",
        "standaardafwijking": "0,8",
        "n": "412",
    } | cells


def eenzaam(**cells: str) -> dict[str, str]:
    """A right row about a ratio; other cells as given."""
    return {
        "indicator": "eenzaam",
        "versie": "1",
        "gebied": "GM0794",
        "indeling": "2024",
        "periode": "2024",
        "bron": "ggd",
        "methode": "gezondheidsmonitor",
        "teller": "450",
        "noemer": "1000",
    } | cells


def vrijwilligers(**cells: str) -> dict[str, str]:
    """A right row about a count; other cells as given."""
    return eenzaam(indicator="vrijwilligers", bron="open-data", teller="1200", noemer="") | cells


def vertrouwen(**cells: str) -> dict[str, str]:
    """A right row about a distribution; other cells as given."""
    return eenzaam(indicator="vertrouwen", teller="", noemer="", verdeling="30|50|90|20|10") | cells


def text(rows: Iterable[Mapping[str, str]], between: str = ";", columns: Sequence[str] = COLUMNS) -> str:
    """A file of rows."""
    lines = [between.join(columns), *(between.join(row.get(name, "") for name in columns) for row in rows)]
    return "\r\n".join(lines) + "\r\n"


def write(path: Path, content: str | bytes) -> Path:
    """A file with this content."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


async def offer(
    connection: Connection,
    path: Path,
    *,
    good_rows: bool = False,
    thresholds: Thresholds = TEN,
    released: bool = True,
    errors_kept: int = 10_000,
) -> tuple[str, Counts]:
    """Import a file; its upload and what became of it."""
    content = path.read_bytes()  # noqa: ASYNC240
    offered = Offer(str(uuid4()), path.name, hashlib.sha256(content).hexdigest(), good_rows)
    await store.insert_upload(connection, offered.id, offered.sha256, path.name, good_rows, len(content), NOW)
    counts = await load(connection, path, offered, thresholds, CAUSE, lambda *_: None, errors_kept)
    if released:
        await release_all(connection, thresholds)
    return offered.id, counts
