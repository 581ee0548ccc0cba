"""A world full of small groups: what each answered, and what of that nobody outside may learn."""

from collections.abc import Sequence
from decimal import Decimal

from .answers import Object, Surface
from .planting import KnownFile, Planted, Planter, Probe, asked, file_of

HEADER = "indicator;versie;gebied;indeling;periode;bron;methode;waarde;standaardafwijking;teller;noemer;n;verdeling"
MEAN, SHARE, COUNT, CLASSES, HOURS, PERCENT = (
    "belangstelling", "meedoen", "meldingen", "rapportcijfer", "zorguren", "tevredenheid",
)  # fmt: skip
YEAR, DAY = "2024", "2019-03-12"
BREDA, TILBURG, OSS, HELMOND, EINDHOVEN = "GM0758", "GM0855", "GM0828", "GM0794", "GM0772"
#: The municipality of the seven, one without any row, and those of the file around it.
SEVEN, NOBODY = "GM0753", "GM1659"
TOWNS = (
    "GM0743", "GM0744", "GM0748", "GM0755", "GM0757", "GM0758", "GM0762", "GM0766", "GM0770", "GM0777", "GM0779",
    "GM0784", "GM0785", "GM0794", "GM0797", "GM0798", "GM0809", "GM0820", "GM0823", "GM0824",
)  # fmt: skip
ELSEWHERE = ("GM0826", "GM0828", "GM0840", "GM0845", "GM0847", "GM0848", "GM0851", "GM0855", "GM0858", "GM0861")
#: Three of one region.
REGION = ("GM0743", "GM0762", "GM0770")
MERGED = ("GM0738", "GM0870", "GM0874")
FIRST, SECOND = "voor-de-verbeteringen", "na-de-verbeteringen"
#: How many gave each score. Of ten the answers follow from n, sum and squares; of the next from n and sum alone.
TEN, TEN_LOW, TWELVE, MANY = (1, 0, 0, 0, 9), (9, 1, 0, 0, 0), (1, 2, 3, 1, 5), (3, 17, 40, 40, 20)


def row(
    code: str, area: str, method: str = "vragenlijst", source: str = "enquete", year: str = YEAR, **cells: object
) -> str:
    """A row of a file; cells by the names of their columns."""
    said = [str(cells.get(name, "")) for name in HEADER.split(";")[7:]]
    return ";".join([code, "1", area, year, year, source, method, *said])


def mean(area: str, value: str, n: int, **rest: str) -> str:
    """A row about interest, on a scale from 1 to 5."""
    return row(MEAN, area, waarde=value.replace(".", ","), n=n, **rest)


async def plant(planter: Planter) -> Planted:
    """Plant everything, in the order in which it could happen."""
    planted = Planted()
    await _define(planter)
    await _offer_towns(planter, planted)
    await _offer_shapes(planter, planted)
    await _hold(planter, planted)
    await _count_outcomes(planter, planted)
    await planter.folded()
    await planter.command("programme", "/monitor/v1/editions", {"id": FIRST, "title": "Voor de verbeteringen"})
    await _correct(planter)
    await planter.withdraw("zes-eerste")
    await _move_topic(planter)
    await planter.folded()
    await planter.command("programme", "/monitor/v1/editions", {"id": SECOND, "title": "Na de verbeteringen"})
    await planter.told(f"edition/{SECOND}")
    planted.hints = {"dialogue": list(planted.dialogues), "edition": [FIRST, SECOND], "indicator": [MEAN]}
    return planted


async def _define(planter: Planter) -> None:
    about: Object = {"theme": "verbinding", "resourceFamily": "social", "direction": "higher-is-better"}
    for code, unit, measure in (
        (MEAN, "score-1-5", "mean"), (HOURS, "uren", "mean"), (PERCENT, "percentage", "mean"),
        (SHARE, "percentage", "ratio"), (COUNT, "mensen", "count"), (CLASSES, "score-1-5", "distribution"),
        ("omzien", "score-1-5", "mean"),
    ):  # fmt: skip
        body = {**about, "code": code, "nameNl": code.capitalize(), "nameEn": code, "unit": unit, "measure": measure}
        await planter.command("programme", "/monitor/v1/indicators", body)
    # So that there is a version to ask of; nothing is measured by it yet.
    version = {"version": 2, "title": "Later", "change": "Later", "validFrom": "2199-12-31", "comparable": True}
    await planter.command("programme", f"/monitor/v1/indicators/{MEAN}/versions", version)
    for id_, code, source, target in (("weinig", COUNT, "open-data", 2), ("genoeg", MEAN, "survey", 3)):
        goal: Object = {
            "id": id_, "level": "programme", "question": "effective", "title": "Genoeg en niet te veel",
            "ambition": "Bijna niemand meldt zich.", "paragraph": "1.1", "targetMillionths": target * 10**6,
            "measure": {"indicator": code, "source": source, "area": "GM0743", "period": YEAR}, "due": "2024-12-31",
        }  # fmt: skip
        await planter.command("programme", "/monitor/v1/impact/goals", goal)
    promise: Object = {
        "id": "toezegging", "period": "2017", "amountCents": 1_000_000, "recipient": "pon", "initiative": "dorpsmolen",
        "madeOn": "2017-03-01",
    }  # fmt: skip
    await planter.command("finance", "/finance/v1/budget-lines/lerend-netwerk/commitments", promise)


async def _offer_towns(planter: Planter, planted: Planted) -> None:
    """Twenty towns, and among them one of seven people; then the same with a row that is not taken over."""
    lines = [mean(area, f"{2.513 + 0.097 * number:.3f}", 41 + 2 * number) for number, area in enumerate(TOWNS)]
    for number, area in enumerate(TOWNS):
        value, n = Decimal(f"{2.513 + 0.097 * number:.3f}"), 41 + 2 * number
        planted.means[MEAN, "survey", area, YEAR] = value
        planted.numbers[str(int(value * n * 10**6))] = f"de som van {n} mensen"
    before, after = [HEADER, *lines[:11]], lines[11:]
    whole = [*before, mean(SEVEN, "2.571", 7), *after]
    guesses = tuple(
        file_of([mean(area, f"{total / n:.3f}", n)])
        for area in (SEVEN, NOBODY, *ELSEWHERE)
        for n in range(1, 10)
        for total in range(n, 5 * n + 1)
    )
    id_ = await planter.offer("gemeenten.csv", whole)
    size = len(file_of(whole))
    planted.files[id_] = KnownFile("gemeenten", file_of(before), file_of(after), guesses, len(whole) - 1, size)
    planted.numbers["2513000"] = "het gemiddelde van 41 mensen in miljoensten"
    planted.silent[MEAN, "survey", SEVEN, YEAR] = "zeven mensen in één gemeente"
    wrong = [HEADER, mean("GM0861", "3.313", 55), mean("GM9999", "3.5", 50), mean("GM0861", "9", 50)]
    await planter.offer("met-fouten.csv", wrong, goedeRijen="true")


async def _offer_shapes(planter: Planter, planted: Planted) -> None:
    """Every measure, with too few somewhere in it."""
    shares = {"GM0743": (1, 40), "GM0748": (38, 40), "GM0755": (20, 50), "GM0757": (31, 70), "GM0758": (40, 90)}
    counts = {"GM0743": (3, 1000), "GM0748": (995, 1000), "GM0755": (4, ""), "GM0757": (500, 1000)}
    lines = [
        HEADER,
        *(row(SHARE, area, teller=part, noemer=whole) for area, (part, whole) in shares.items()),
        *(row(COUNT, area, source="open-data", teller=part, noemer=whole) for area, (part, whole) in counts.items()),
        row(CLASSES, BREDA, verdeling="1|2|3|1|5"),
        row(CLASSES, TILBURG, verdeling="3|17|40|40|20"),
        row(CLASSES, OSS, verdeling="40|41|42|43|44"),
        row(HOURS, BREDA, waarde="12,613", n=41),
        row(PERCENT, BREDA, waarde="61,283", n=43),
        # Ten people whose deviation gives each of their answers.
        mean("GM0855", "4.6", 10, standaardafwijking="1,2"),
        # Two who are compared with themselves later, one of them in detail.
        mean("GM0826", "3.217", 50), mean("GM0828", "3.319", 50), mean("GM0840", "3.431", 150),
        mean("GM0845", "3.523", 50), mean("GM0847", "2.413", 60),
        # Ten who get ten beside them that all say 1, and a hundred of whom one does not.
        mean("GM0826", "1.4", 10, year="2023"), mean("GM0828", "1.01", 100, year="2023"),
        # Those of one region who are enough together, and nine who are not.
        *(row(MEAN, area, source="ggd", waarde="2,5", n=n) for area, n in zip(REGION, (4, 5, 6), strict=True)),
        row(MEAN, BREDA, source="open-data", waarde="2,777778", n=9),
        # Three that became one municipality.
        *(mean(area, value, 45, year="2018") for area, value in zip(MERGED, ("3.127", "3.239", "3.341"), strict=True)),
    ]  # fmt: skip
    await planter.offer("vormen.csv", lines)
    for area in ("GM0743", "GM0748"):
        planted.silent[SHARE, "survey", area, YEAR] = "een aandeel van bijna niemand of bijna iedereen"
        planted.silent[COUNT, "open-data", area, YEAR] = "een aantal van bijna niemand of bijna iedereen"
    planted.silent[COUNT, "open-data", "GM0755", YEAR] = "vier mensen"
    planted.silent[HOURS, "survey", BREDA, YEAR] = "een gemiddelde zonder schaal, van 41"
    for area in REGION:
        planted.silent[MEAN, "ggd", area, YEAR] = "vier, vijf en zes mensen"
    for area in (BREDA, "west-brabant", "PV30"):
        planted.silent[MEAN, "open-data", area, YEAR] = "negen mensen"
    planted.lists |= {TWELVE: "twaalf antwoorden", MANY: "een klasse van drie"}
    planted.means |= {(PERCENT, "survey", BREDA, YEAR): Decimal("61.283")}
    planted.means |= {(MEAN, "survey", "GM0826", YEAR): Decimal("3.217")}
    planted.numbers |= {"226000000000000": "de kwadraten van tien mensen", "43000000": "de som van twaalf mensen"}


async def _correct(planter: Planter) -> None:
    """Corrections, by way of others, under another method, and of a part that is too few by itself."""
    for name, line in (
        ("drie-meer", mean("GM0826", "3.219", 53)),
        ("dertien-meer", mean("GM0828", "3.337", 63)),
        ("tien-minder", mean("GM0828", "3.323", 53)),
        ("anders-gemeten", mean("GM0845", "3.541", 53, method="telefonisch")),
        ("even-veel", mean("GM0847", "2.687", 60)),
        ("tien-enen-erbij", mean("GM0826", "1.2", 20, year="2023")),
        ("twintig-meer", mean("GM0840", "3.463", 170)),
        ("twee-van-twintig", row(SHARE, "GM0755", teller=22, noemer=70)),
        ("vijf-van-honderdtien", row(CLASSES, OSS, verdeling="45|56|72|73|74")),
        ("drie-meldingen-meer", row(COUNT, "GM0757", source="open-data", teller=503, noemer=1000)),
    ):  # fmt: skip
        # Today some are refused; that tells the programme, who may know, and nobody else.
        await planter.offer(f"{name}.csv", [HEADER, line], refused=True)


async def _hold(planter: Planter, planted: Planted) -> None:
    """Dialogues of three to 120 people."""
    for name, town, topic, scores, others in (
        ("drie", BREDA, "ontmoeting", (0, 2, 0, 0, 1), 0),
        ("veel", EINDHOVEN, "ontmoeting", MANY, 0),
        ("tien", BREDA, "burenhulp", TEN, 0),
        ("twaalf", TILBURG, "vertrouwen-in-elkaar", TWELVE, 0),
        ("tien-laag", TILBURG, "vertrouwen-in-instanties", TEN_LOW, 0),
        ("zes-eerste", OSS, "gezond-voelen", (0, 1, 2, 3, 0), 0),
        ("zes-tweede", OSS, "gezond-voelen", (1, 0, 0, 2, 3), 0),
        ("negen", HELMOND, "zelf-beslissen", (0, 0, 2, 3, 4), 0),
        ("vier-van-elf", EINDHOVEN, "zelf-beslissen", (1, 1, 0, 2, 0), 7),
        ("zes-alleen", BREDA, "volhouden", (1, 1, 2, 1, 1), 0),
    ):
        people = sum(scores) + others
        plan: Object = {"municipality": town, "neighbourhood": "Annawijk", "organiser": "pon", "themes": ["verbinding"]}
        await planter.hold(name, DAY, plan, held(scores, topic, name, others))
        if people < 10:
            planted.dialogues[name] = f"een dialoog van {people}"
            planted.texts[_action(name)] = f"actie van {people} mensen"
        if scores != MANY:
            planted.lists[scores] = f"antwoorden van dialoog {name}"
    for name, town, code in (("drie", BREDA, "verbondenheid"), ("negen", HELMOND, "eigen-regie")):
        planted.silent[code, "dialogue", town, "2019-03"] = f"dialoog {name}"
    planted.silent["eigen-regie", "dialogue", EINDHOVEN, "2019-03"] = "dialoog vier-van-elf"
    for area in (BREDA, "west-brabant", "PV30"):
        planted.silent["volhoudbaarheid", "dialogue", area, "2019"] = "dialoog zes-alleen"
    for area in (TILBURG, "midden-brabant", "PV30"):
        planted.means["vertrouwen-in-elkaar", "dialogue", area, "2019-03"] = Decimal("3.583")


async def _count_outcomes(planter: Planter, planted: Planted) -> None:
    text = "Eén jongere vond werk bij de molen"
    outcome: Object = {
        "id": "een-jongere", "initiative": "dorpsmolen", "statement": text, "count": 1, "evidence": "Jaarverslag",
        "on": "2024-01-31",
    }  # fmt: skip
    body = await planter.completed("/monitor/v1/outcomes", outcome, ("people", "persons", "mensen")) or outcome
    await planter.command("programme", "/monitor/v1/outcomes", body, 201, 400, 422)
    planted.texts[text] = "een uitkomst van één mens"


async def _move_topic(planter: Planter) -> None:
    """A learning key by which neighbours' help counts for another indicator, also what was said before."""
    keys = (await planter.client.get("/monitor/v1/learning-keys")).json()
    mapping = {**keys[-1]["mapping"], "burenhulp": "omzien"}
    body: Object = {
        "version": keys[-1]["version"] + 1,
        "validFrom": "2019-01-01",
        "mappings": [{"topic": topic, "indicator": code} for topic, code in mapping.items()],
    }
    await planter.command("programme", "/monitor/v1/learning-keys", body)


def held(scores: Sequence[int], topic: str, name: str, others: int = 0) -> Object:
    """How a dialogue was held, with others who gave no score."""
    return {
        "heldOn": DAY,
        "groups": {"bewoners": sum(scores) + others},
        "findings": [{"topic": topic, "scores": list(scores)}],
        "actions": [_action(name), f"{_action(name)}, en dan nog eens"],
    }


def _action(name: str) -> str:
    return f"Wij gaan met {name} om tafel in de Kerkstraat"


async def probe(planter: Planter, planted: Planted) -> None:
    """Ask with what is secret and with something else."""
    for name, topic, scores in (
        ("drie", "ontmoeting", (0, 2, 0, 0, 1)),
        ("tien", "burenhulp", TEN),
        ("zes-tweede", "gezond-voelen", (1, 0, 0, 2, 3)),
    ):
        path = f"/community/v1/dialogues/{name}/held"
        right = await asked(planter, "community", path, held(scores, topic, name))
        for other in (tuple(reversed(scores)), (*scores[:4], scores[4] + 1)):
            wrong = await asked(planter, "community", path, held(other, topic, name))
            planted.probes.append(Probe(f"held van dialoog {name}", right, wrong))
    for path in (
        f"/monitor/v1/indicators/{MEAN}/areas/%s/series",
        f"/monitor/v1/indicators/{MEAN}/areas/%s/explanation",
    ):
        answers = []
        for area in (SEVEN, NOBODY):
            answer = await planter.client.get(path % area, params={"source": "survey", "period": YEAR})
            answers.append(Surface(f"GET {path % area}", answer.status_code, {}, answer.content))
        planted.probes.append(Probe("een gemeente met wie wacht", answers[0], answers[1], {SEVEN: NOBODY}))
    for (code, source, area, period), exact in list(planted.means.items())[:4]:
        query = {"indicator": code, "source": source, "period": period}
        answers = []
        for bar in (exact, exact + Decimal("0.0001")):
            path = "/monitor/v1/shares-of-municipalities"
            said = (await planter.client.get(path, params={**query, "atLeast": str(bar)})).json()
            content = f"{area} reaches it: {area in said['reached']}".encode()
            answers.append(Surface(f"GET {path} {bar}", 200, {}, content))
        planted.probes.append(Probe(f"gemeenten boven {exact}", answers[0], answers[1]))
