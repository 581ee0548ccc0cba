"""The closed word lists of the published language. GLOSSARY.md gives the Dutch of each."""

from enum import StrEnum


class Theme(StrEnum):
    CONNECTION = "verbinding"
    TRUST = "vertrouwen"
    HEALTH = "gezondheid"
    SOCIAL_ENTERPRISE = "sociaal-ondernemen"


class ResourceFamily(StrEnum):
    PERSONAL = "personal"
    SOCIAL = "social"
    ENVIRONMENT = "environment"


class AreaLevel(StrEnum):
    NEIGHBOURHOOD = "neighbourhood"
    MUNICIPALITY = "municipality"
    REGION = "region"
    PROVINCE = "province"


class AreaChangeKind(StrEnum):
    MERGER = "merger"
    DIVISION = "division"


class DialogueTopic(StrEnum):
    """What participants of a dialogue score; a learning key maps each to an indicator."""

    MEETING = "ontmoeting"
    NEIGHBOUR_HELP = "burenhulp"
    TRUST_IN_EACH_OTHER = "vertrouwen-in-elkaar"
    TRUST_IN_INSTITUTIONS = "vertrouwen-in-instanties"
    FEELING_HEALTHY = "gezond-voelen"
    OWN_DECISIONS = "zelf-beslissen"
    ENTERPRISE_WITH_IMPACT = "ondernemen-met-impact"
    PERSEVERANCE = "volhouden"


class Line(StrEnum):
    AREA_BASED = "gebiedsgericht"
    CROSS_OVER = "cross-over"


class Dilemma(StrEnum):
    VULNERABLE_ORGANISATION = "vulnerable-organisation"
    PROFESSIONAL_ADVICE = "professional-advice"
    SYSTEM_WORLD = "system-world"
    FINDING_EACH_OTHER = "finding-each-other"


class Phase(StrEnum):
    """The life of an initiative, in order; STOPPED may follow any of the first four."""

    EXPLORING = "exploring"
    PREPARING = "preparing"
    RUNNING = "running"
    EMBEDDING = "embedding"
    COMPLETED = "completed"
    STOPPED = "stopped"


class RoleParty(StrEnum):
    PROVINCE = "provincie"
    ZET = "zet"
    ZORGBELANG = "zorgbelang"


class OrganisationKind(StrEnum):
    GOVERNMENT = "government"
    KNOWLEDGE = "knowledge"
    NETWORK = "network"
    EXECUTIVE = "executive"
    COMPANY = "company"
    SOCIAL = "social"
    EUROPEAN_PARTNER = "european-partner"
    PROGRAMME_TEAM = "programme-team"


class Performance(StrEnum):
    """The programme's results ("prestaties") that budget lines belong to."""

    CONCRETE_INITIATIVES = "concrete-initiatieven"
    LEARNING_NETWORK = "lerend-netwerk"
    IMPACT_MONITORING = "impactmonitoring"
    SUPPORT = "ondersteunend"


class BudgetPeriod(StrEnum):
    Y2017 = "2017"
    Y2018_2019 = "2018-2019"


class BudgetFindingKind(StrEnum):
    DIFFERENCE = "difference"
    MISSING_SPLIT = "missing-split"
    UNDEFINED_REFERENCE = "undefined-reference"
    PERIOD_MISMATCH = "period-mismatch"
    NO_BUDGET_LINE = "no-budget-line"


class TriggerReason(StrEnum):
    PHASE_REACHED = "phase-reached"
    LESSON_DRAWN = "lesson-drawn"
    INDICATOR_MOVED = "indicator-moved"
    DIALOGUE_HELD = "dialogue-held"
    BUDGET_FINDING = "budget-finding"
    EDITION_PUBLISHED = "edition-published"
    GOAL_JUDGED = "goal-judged"


class AggregateKind(StrEnum):
    INDICATOR = "indicator"
    THEME = "theme"


class SourceKind(StrEnum):
    """Where a figure comes from. Figures of different kinds are never mixed."""

    DIALOGUE = "dialogue"
    SURVEY = "survey"
    GGD = "ggd"
    OPEN_DATA = "open-data"


class Measure(StrEnum):
    """What kind of figure an indicator is, and so how it adds up."""

    MEAN = "mean"
    RATIO = "ratio"
    COUNT = "count"
    DISTRIBUTION = "distribution"


class Verdict(StrEnum):
    """What is known of a goal."""

    REACHED = "reached"
    MISSED = "missed"
    UNDER_WAY = "under-way"
    UNKNOWN = "unknown"


class QualityFindingKind(StrEnum):
    """What is the matter with a figure or an import."""

    ROWS_REJECTED = "rows-rejected"
    NOT_RECALCULABLE = "not-recalculable"
    NOT_COMPARABLE = "not-comparable"
    SOURCES_DISAGREE = "sources-disagree"
    NO_DATA = "no-data"
