"""A monitor that knows some of Brabant."""

import pytest

from shared.database import Connection


@pytest.fixture
async def monitor(monitor_connection: Connection) -> Connection:
    """A monitor that knows Helmond with a neighbourhood, Eindhoven and Oss, two indicators and a learning key."""
    await monitor_connection.execute("""
        INSERT INTO area VALUES ('PV30', 'Noord-Brabant', 'province', NULL, '2016-01-01', NULL),
            ('zuidoost-brabant', 'Zuidoost-Brabant', 'region', 'PV30', '2016-01-01', NULL),
            ('noordoost-brabant', 'Noordoost-Brabant', 'region', 'PV30', '2016-01-01', NULL),
            ('GM0794', 'Helmond', 'municipality', 'zuidoost-brabant', '2016-01-01', NULL),
            ('GM0772', 'Eindhoven', 'municipality', 'zuidoost-brabant', '2016-01-01', NULL),
            ('GM0828', 'Oss', 'municipality', 'noordoost-brabant', '2016-01-01', NULL),
            ('BU07940101', 'Binnenstad', 'neighbourhood', 'GM0794', '2016-01-01', NULL);
        INSERT INTO indicator VALUES
            ('verbondenheid', 'Verbondenheid', 'Connection', 'verbinding', 'social', 'score-1-5', 'up'),
            ('buurthulp', 'Buurthulp', 'Help', 'verbinding', 'social', 'score-1-5', 'up');
        INSERT INTO learning_key VALUES (1, '2017-01-01');
        INSERT INTO learning_key_mapping VALUES (1, 'ontmoeting', 'verbondenheid'), (1, 'burenhulp', 'buurthulp');
    """)
    return monitor_connection
