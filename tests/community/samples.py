"""One event of each kind that is news, in plain words."""

from datetime import date

from shared.contracts.community import DialogueHeld, DialoguePlanned, DialogueWithdrawn, OrganisationRegistered
from shared.contracts.finance import BudgetFindingPublished, BudgetLineAdopted, CommitmentMade, DisbursementMade
from shared.contracts.initiatives import InitiativePhaseChanged, InitiativeRegistered, LessonDrawn
from shared.contracts.monitor import (
    AggregateMoved,
    AreaRegistered,
    BaselineRecorded,
    EditionPublished,
    GoalJudged,
    IndicatorRegistered,
    ObservationsImported,
)
from shared.contracts.vocabulary import (
    AggregateKind,
    AreaLevel,
    BudgetFindingKind,
    BudgetPeriod,
    DialogueTopic,
    Line,
    OrganisationKind,
    Performance,
    Phase,
    ResourceFamily,
    SourceKind,
    Theme,
    Verdict,
)

THEMES = (Theme.CONNECTION,)
HELMOND = "GM0794"

AREA = AreaRegistered(
    code=HELMOND,
    name="Helmond",
    level=AreaLevel.MUNICIPALITY,
    parent="zuidoost-brabant",
    valid_from=date(2016, 1, 1),
    valid_until=None,
)
INDICATOR = IndicatorRegistered(
    code="buurthulp",
    name_nl="Hulp in de buurt",
    name_en="Help among neighbours",
    theme=Theme.CONNECTION,
    resource_family=ResourceFamily.SOCIAL,
    unit="score-1-5",
    direction="higher-is-better",
)
LINE = BudgetLineAdopted(
    line="concrete-initiatieven",
    position=1,
    performance=Performance.CONCRETE_INITIATIVES,
    action="Aansluiten bij concrete initiatieven",
    amounts=(),
)
ORGANISATION = OrganisationRegistered(organisation="zet", name="ZET", organisation_kind=OrganisationKind.EXECUTIVE)
INITIATIVE = InitiativeRegistered(
    initiative="slowcare",
    number="1.1.8",
    title="Slowcare",
    challenge="Zorg gaat te snel.",
    approach="Zorg met aandacht.",
    learning_question="Wat levert aandacht op?",
    lines=(Line.AREA_BASED,),
    cross_overs=(),
    themes=THEMES,
    dilemmas=(),
    municipalities=("GM0828",),
    regions=("noordoost-brabant",),
    partners=("zet",),
    roles=(),
    phase=Phase.EXPLORING,
)
PHASE = InitiativePhaseChanged(
    initiative="slowcare",
    previous=Phase.EXPLORING,
    phase=Phase.RUNNING,
    on=date(2026, 11, 1),
    themes=THEMES,
    municipalities=("GM0828",),
)
LESSON = LessonDrawn(
    initiative="slowcare",
    lesson="les-1",
    title="Een vast gezicht helpt",
    worked=False,
    transferable=True,
    on=date(2026, 11, 1),
    themes=THEMES,
    municipalities=("GM0828", HELMOND),
)
PLANNED = DialoguePlanned(
    dialogue="d-1",
    municipality=HELMOND,
    neighbourhood="Annawijk",
    organiser="zet",
    initiative="slowcare",
    themes=THEMES,
    planned_on=date(2026, 12, 3),
)
HELD = DialogueHeld(
    dialogue="d-1",
    municipality=HELMOND,
    organiser="zet",
    initiative="slowcare",
    themes=THEMES,
    held_on=date(2026, 11, 23),
    participants=24,
    topics=(DialogueTopic.MEETING, DialogueTopic.NEIGHBOUR_HELP),
    action_count=1,
)
WITHDRAWN = DialogueWithdrawn(
    dialogue="d-1", municipality=HELMOND, organiser="zet", initiative="slowcare", themes=THEMES, was_held=True
)
COMMITMENT = CommitmentMade(
    line="concrete-initiatieven",
    commitment="c-1",
    period=BudgetPeriod.Y2017,
    amount_cents=50_000_00,
    recipient="zet",
    initiative=None,
    made_on=date(2026, 11, 1),
)
DISBURSEMENT = DisbursementMade(
    line="concrete-initiatieven",
    commitment="c-1",
    disbursement="p-1",
    amount_cents=12_500_50,
    recipient="zet",
    initiative="slowcare",
    paid_on=date(2026, 11, 2),
)
FINDING = BudgetFindingPublished(
    finding="zet-jaarbedrag",
    finding_kind=BudgetFindingKind.DIFFERENCE,
    title="Inzet ZET telt niet op",
    explanation="33.979 euro meer.",
    paragraph="3",
    stated_cents=2_099_021_00,
    computed_cents=2_133_000_00,
    difference_cents=33_979_00,
)
BASELINE = BaselineRecorded(
    fact="minder-verbonden",
    statement="10 tot 30% van de Brabanders is minder verbonden.",
    theme=Theme.CONNECTION,
    areas=("PV30",),
    low_percent=10,
    high_percent=30,
    count=None,
    period="2016",
    source="Monitor 2016",
    paragraph="Inleiding",
)
MOVED = AggregateMoved(
    aggregate="indicator.buurthulp.GM0794.2026-11",
    of=AggregateKind.INDICATOR,
    code="buurthulp",
    theme=Theme.CONNECTION,
    level=AreaLevel.MUNICIPALITY,
    area=HELMOND,
    period="2026-11",
    suppressed=False,
    n=24,
    mean=3.6,
    previous_n=12,
    previous_mean=3.1,
    version=2,
)
IMPORTED = ObservationsImported(
    load="ggd-2024",
    sha256="0" * 64,
    rows=12_400,
    replaced=3,
    refused=0,
    indicators=("ervaren-gezondheid",),
    sources=(SourceKind.GGD, SourceKind.OPEN_DATA),
)
EDITION = EditionPublished(
    edition="monitor-2019", title="Monitor 2019", publication=41, cells=1_204, sha256="0" * 64, previous="nulmeting"
)
JUDGED = GoalJudged(
    goal="dementie-30",
    title="30 gemeenten dementievriendelijk",
    verdict=Verdict.REACHED,
    previous=Verdict.UNDER_WAY,
    indicator="dementievriendelijk",
    area="PV30",
    target_millionths=30_000_000,
    measured_millionths=31_000_000,
    reason=None,
)

#: Every kind of news once, and what only gives names.
NEWS = (
    ORGANISATION,
    INITIATIVE,
    PHASE,
    LESSON,
    PLANNED,
    HELD,
    COMMITMENT,
    DISBURSEMENT,
    FINDING,
    BASELINE,
    IMPORTED,
    EDITION,
    JUDGED,
    MOVED,
)
NAMES = (AREA, INDICATOR, LINE)
