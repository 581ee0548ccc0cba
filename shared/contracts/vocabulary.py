"""The closed word lists of the published language, with their Dutch. GLOSSARY.md is made from these."""

from .term import Term


class Theme(Term, dutch="thema", meaning="What the programme wants to strengthen."):
    CONNECTION = "verbinding", "verbinding"
    TRUST = "vertrouwen", "vertrouwen"
    HEALTH = "gezondheid", "gezondheid"
    SOCIAL_ENTERPRISE = "sociaal-ondernemen", "sociaal ondernemen"


class ResourceFamily(Term, dutch="hulpbronnen", meaning="Where resilience comes from."):
    PERSONAL = "personal", "persoonlijk"
    SOCIAL = "social", "sociaal"
    ENVIRONMENT = "environment", "omgeving"


class AreaLevel(Term, dutch="soort gebied", meaning="How large an area is."):
    NEIGHBOURHOOD = "neighbourhood", "wijk of buurt"
    MUNICIPALITY = "municipality", "gemeente"
    REGION = "region", "regio"
    PROVINCE = "province", "provincie"


class AreaChangeKind(Term, dutch="soort herindeling", meaning="What became of municipalities on a day."):
    MERGER = "merger", "samenvoeging"
    DIVISION = "division", "splitsing"


class DialogueTopic(Term, dutch="onderwerp van een dialoog"):
    """What participants of a dialogue score; a learning key maps each to an indicator."""

    MEETING = "ontmoeting", "ontmoeting"
    NEIGHBOUR_HELP = "burenhulp", "burenhulp"
    TRUST_IN_EACH_OTHER = "vertrouwen-in-elkaar", "vertrouwen in elkaar"
    TRUST_IN_INSTITUTIONS = "vertrouwen-in-instanties", "vertrouwen in instanties"
    FEELING_HEALTHY = "gezond-voelen", "gezond voelen"
    OWN_DECISIONS = "zelf-beslissen", "zelf beslissen"
    ENTERPRISE_WITH_IMPACT = "ondernemen-met-impact", "ondernemen met impact"
    PERSEVERANCE = "volhouden", "volhouden"


class Line(Term, dutch="uitvoeringslijn", meaning="The two lines of the programme."):
    AREA_BASED = "gebiedsgericht", "gebiedsgericht"
    CROSS_OVER = "cross-over", "cross-over"


class CrossOver(
    Term, dutch="opgave van een cross-over", meaning="The task of the province that an initiative is joined to."
):
    AGROFOOD = "agrofood", "agrofood"
    LABOUR_MARKET = "arbeidsmarkt", "arbeidsmarkt"
    DIGITAL_AGENDA = "digitale-agenda", "digitale agenda"
    SUSTAINABLE_ENERGY = "duurzame-energie", "duurzame energie"
    VACANCY = "leegstand", "leegstand"
    NATURE = "natuur", "natuur"
    ENVIRONMENTAL_VISION = "omgevingsvisie", "omgevingsvisie"
    SPATIAL_DEVELOPMENT = "ruimtelijke-ontwikkeling", "ruimtelijke ontwikkeling"
    SMART_HEALTH = "smart-health", "smart health"
    RESILIENT_GOVERNANCE = "veerkrachtig-bestuur", "veerkrachtig bestuur"


class Dilemma(Term, dutch="dilemma", meaning="A difficulty that initiatives meet again and again."):
    VULNERABLE_ORGANISATION = "vulnerable-organisation", "kwetsbare organisatie"
    PROFESSIONAL_ADVICE = "professional-advice", "professioneel advies"
    SYSTEM_WORLD = "system-world", "systeemwereld"
    FINDING_EACH_OTHER = "finding-each-other", "elkaar vinden"


class Phase(Term, dutch="fase"):
    """The life of an initiative, in order; STOPPED may follow any of the first four."""

    EXPLORING = "exploring", "verkenning"
    PREPARING = "preparing", "voorbereiding"
    RUNNING = "running", "uitvoering"
    EMBEDDING = "embedding", "borging"
    COMPLETED = "completed", "afgerond"
    STOPPED = "stopped", "gestopt"


class RoleParty(Term, dutch="partij", meaning="Who supports initiatives and supplies capacity."):
    PROVINCE = "provincie", "provincie"
    ZET = "zet", "ZET"
    ZORGBELANG = "zorgbelang", "Zorgbelang"


class OrganisationKind(Term, dutch="soort organisatie", meaning="What kind of organisation takes part."):
    GOVERNMENT = "government", "overheden"
    KNOWLEDGE = "knowledge", "kennisinstellingen"
    NETWORK = "network", "netwerkorganisaties"
    EXECUTIVE = "executive", "uitvoeringsorganisaties"
    COMPANY = "company", "bedrijven"
    SOCIAL = "social", "maatschappelijke organisaties"
    EUROPEAN_PARTNER = "european-partner", "Europese partners"
    PROGRAMME_TEAM = "programme-team", "programmateam"


class Performance(Term, dutch="prestatie"):
    """The programme's results ("prestaties") that budget lines belong to."""

    CONCRETE_INITIATIVES = "concrete-initiatieven", "concrete initiatieven"
    LEARNING_NETWORK = "lerend-netwerk", "lerend netwerk"
    IMPACT_MONITORING = "impactmonitoring", "impactmonitoring"
    SUPPORT = "ondersteunend", "ondersteunend"


class BudgetPeriod(Term, dutch="begrotingsperiode", meaning="The years that an amount of the budget is for."):
    Y2017 = "2017", "2017"
    Y2018_2019 = "2018-2019", "2018/2019"


class BudgetFindingKind(Term, dutch="soort bevinding bij de begroting", meaning="What does not tie in the budget."):
    DIFFERENCE = "difference", "verschil"
    MISSING_SPLIT = "missing-split", "verdeling ontbreekt"
    UNDEFINED_REFERENCE = "undefined-reference", "verwijzing klopt niet"
    PERIOD_MISMATCH = "period-mismatch", "perioden verschillen"
    NO_BUDGET_LINE = "no-budget-line", "geen begrotingsregel"


class TriggerReason(Term, dutch="aanleiding", meaning="Why the newsletter may want to tell something."):
    PHASE_REACHED = "phase-reached", "fase bereikt"
    LESSON_DRAWN = "lesson-drawn", "les"
    INDICATOR_MOVED = "indicator-moved", "cijfer verschoven"
    DIALOGUE_HELD = "dialogue-held", "dialoog gehouden"
    BUDGET_FINDING = "budget-finding", "bevinding bij de begroting"
    EDITION_PUBLISHED = "edition-published", "editie van de monitor"
    GOAL_JUDGED = "goal-judged", "doel beoordeeld"


class AggregateKind(Term, dutch="onderwerp van een cijfer", meaning="What a figure is of."):
    INDICATOR = "indicator", "indicator"
    THEME = "theme", "thema"


class SourceKind(Term, dutch="bron"):
    """Where a figure comes from. Figures of different kinds are never mixed."""

    DIALOGUE = "dialogue", "dialogen"
    SURVEY = "survey", "enquête"
    GGD = "ggd", "GGD"
    OPEN_DATA = "open-data", "open data"


class Bound(Term, dutch="grens"):
    """Said of a mean instead of its value, when a group answered nearly alike."""

    LOWER_THAN = "lower-than", "lager dan"
    HIGHER_THAN = "higher-than", "hoger dan"


class Measure(Term, dutch="soort cijfer"):
    """What kind of figure an indicator is, and so how it adds up."""

    MEAN = "mean", "gemiddelde"
    RATIO = "ratio", "percentage"
    COUNT = "count", "aantal"
    DISTRIBUTION = "distribution", "verdeling"


class Verdict(Term, dutch="oordeel"):
    """What is known of a goal."""

    REACHED = "reached", "gehaald"
    MISSED = "missed", "gemist"
    UNDER_WAY = "under-way", "onderweg"
    UNKNOWN = "unknown", "onbekend"


class QualityFindingKind(Term, dutch="soort bevinding over de gegevens"):
    """What is the matter with a figure or an import."""

    ROWS_REJECTED = "rows-rejected", "regels niet overgenomen"
    NOT_RECALCULABLE = "not-recalculable", "niet herberekenbaar"
    NOT_COMPARABLE = "not-comparable", "niet vergelijkbaar"
    SOURCES_DISAGREE = "sources-disagree", "bronnen verschillen"
    NO_DATA = "no-data", "geen gegevens"


class RevisionReason(Term, dutch="reden van wijziging"):
    """Why what is known of a registered thing is otherwise."""

    MISTAKE = "mistake", "vergissing"
    SOURCE = "source", "de bron zegt iets anders"
    DECISION = "decision", "besluit"
    DUPLICATE = "duplicate", "dubbel"
    ENDED = "ended", "bestaat niet meer"
