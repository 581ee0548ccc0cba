"""The golden example of each event that is news or gives a name, where need be with a change that tests look at."""

import msgspec

from shared.contracts import Contract
from shared.contracts.catalogue import CATALOGUE, community, finance, initiatives, monitor

Change = msgspec.structs.replace

HELMOND = "GM0794"

AREA = monitor.AREA_REGISTERED.example()
INDICATOR = monitor.INDICATOR_REGISTERED.example()
LINE = finance.BUDGET_LINE_ADOPTED.example()
ORGANISATION = community.ORGANISATION_REGISTERED.example()
INITIATIVE = initiatives.INITIATIVE_REGISTERED.example()
PHASE = initiatives.INITIATIVE_PHASE_CHANGED.example()
LESSON = initiatives.LESSON_DRAWN.example()
PLANNED = community.DIALOGUE_PLANNED.example()
HELD = community.DIALOGUE_HELD.example()
WITHDRAWN = community.DIALOGUE_WITHDRAWN.example()
COMMITMENT = finance.COMMITMENT_MADE.example()
DISBURSEMENT = finance.DISBURSEMENT_MADE.example()
FINDING = finance.BUDGET_FINDING_PUBLISHED.example()
BASELINE = monitor.BASELINE_RECORDED.example()
#: Far enough for the newsletter.
MOVED = Change(monitor.AGGREGATE_MOVED.example(), mean=3.6, previous_n=12, previous_mean=3.1)
IMPORTED = monitor.OBSERVATIONS_IMPORTED.example()
EDITION = monitor.EDITION_PUBLISHED.example()
JUDGED = monitor.GOAL_JUDGED.example()

#: What gives names to the ids in the news.
NAMES: tuple[Contract, ...] = (AREA, INDICATOR, LINE)
#: Every kind of news once.
NEWS: tuple[Contract, ...] = tuple(
    event
    for entry in CATALOGUE.values()
    if entry.is_news(event := MOVED if entry.contract is type(MOVED) else entry.example())
)
