"""The Dutch pages over real figures: every chart beside its table, every figure explained, every unknown with its
reason, and nothing of what waits."""

import hashlib
import re

import httpx2
import pytest

from services.monitor.app import create_app
from services.monitor.settings import MonitorSettings
from tests.conftest import served

from .page import DIFFERENCE, WHY, see
from .provincial import BREDA, HELMOND

PAGES = (
    "/monitor",
    "/monitor/kaart",
    "/monitor/kaart?indicator=eenzaamheid&bron=ggd",
    f"/monitor/gebieden/{HELMOND}",
    f"/monitor/gebieden/{HELMOND}?per=maand&thema=verbinding",
    "/monitor/gebieden/PV30?per=kwartaal",
    "/monitor/gebieden/GM1959?indeling=2019",
    "/monitor/waarom",
    WHY,
    "/monitor/impact",
    "/monitor/impact/instrumenten",
    "/monitor/edities",
    "/monitor/edities/monitor-2019",
    DIFFERENCE,
    "/monitor/waarnemingen",
)


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_has_one_heading_says_where_it_is_and_needs_nothing_from_elsewhere(
    client: httpx2.AsyncClient, path: str
) -> None:
    page = await see(client, path)
    assert page.text.count("<h1>") == 1
    assert '<nav class="sections" aria-label="Monitor">' in page.text
    assert not re.search(r"\sstyle=|<style|<script(?! src=)|\son\w+=", page.text)
    assert not re.search(r'(src|href|action)="(https?:)?//', page.text)
    ids = re.findall(r'\sid="([^"]+)"', page.text)
    assert len(ids) == len(set(ids))


async def test_an_empty_monitor_says_so_everywhere(settings: MonitorSettings) -> None:
    async with served(create_app(settings)) as client:
        for path in ("", "/kaart", "/waarom", "/impact", "/impact/instrumenten", "/edities", "/waarnemingen"):
            assert "nog geen" in (await see(client, f"/monitor{path}")).text


async def test_the_overview_shows_the_newest_month_and_leads_to_the_others(client: httpx2.AsyncClient) -> None:
    page = await see(client, "/monitor")
    assert "<h2>Cijfers uit dialogen, oktober 2026</h2>" in page.text
    months = [link for link in page.links if "maand=" in link]
    assert months[0] == "/monitor?maand=2026-09"
    assert months == sorted(months, reverse=True)
    earlier = await see(client, months[-1])
    assert re.search(r"^\d,\d", earlier.rows()["Noord-Brabant"][0])


async def test_the_overview_says_of_every_indicator_who_owns_it_and_how_it_is_measured(
    client: httpx2.AsyncClient,
) -> None:
    owned = (await see(client, "/monitor")).rows(2)
    assert owned["Geeft mantelzorg"][:4] == [
        "Verbinding",
        "sociaal",
        "percentage; hoger is beter",
        "ggd hart voor brabant",
    ]
    assert owned["Verbondenheid"][-1].endswith("Niet vergelijkbaar met eerder: de vragen zijn andere.")


async def test_the_map_and_its_table_say_the_same_of_every_municipality(client: httpx2.AsyncClient) -> None:
    page = await see(client, "/monitor/kaart?indicator=verbondenheid&bron=enquete&periode=2019")
    tiles = dict(re.findall(r"<g class=\"tile[^>]*><title>([^<]*): ([^<:]*)</title>", page.text))
    table = page.rows()
    assert len(table) == len(tiles) == 62
    assert {name.replace("&#39;", "'"): text for name, text in tiles.items()} == {
        name: cells[0] for name, cells in table.items()
    }
    dashed = page.text.count('<g class="tile tile-0"')
    assert dashed == sum(cells[0] == "geen openbaar cijfer" for cells in table.values()) > 0


async def test_a_map_in_the_division_of_a_year_adds_up_or_says_why_not(client: httpx2.AsyncClient) -> None:
    path = "/monitor/kaart?indicator=mantelzorg&bron=ggd&periode=2016&indeling="
    then, later = (await see(client, path)).rows(), (await see(client, path + "2022")).rows()
    assert later["Altena"][-1] == "Samen: Aalburg, Werkendam en Woudrichem."
    parts = [int(then[name][2].replace(".", "")) for name in ("Aalburg", "Werkendam", "Woudrichem")]
    assert int(later["Altena"][2].replace(".", "")) == sum(parts)
    assert later["Tilburg"][0] == "niet herberekenbaar"
    assert "Haaren is op 1 januari 2021 verdeeld over" in later["Tilburg"][-1]
    assert later["Breda"][:3] == then["Breda"][:3]
    assert "Haaren" in then
    assert "Haaren" not in later


async def test_kinds_of_source_are_never_mixed(client: httpx2.AsyncClient) -> None:
    path = "/monitor/kaart?indicator=verbondenheid&periode=2022&bron="
    survey, dialogues = await see(client, f"{path}enquete"), await see(client, f"{path}dialoog")
    assert sum(cells[0] != "geen openbaar cijfer" for cells in survey.rows().values()) > 40
    assert all(cells[0] == "geen openbaar cijfer" for cells in dialogues.rows().values())
    area = await see(client, f"/monitor/gebieden/{HELMOND}")
    cards = re.findall(r'class="card-eyebrow">([^<]*)</p>\s*<h3[^>]*>Verbondenheid<', area.text)
    assert cards == ["Dialogen", "Enquête"]


async def test_every_chart_has_words_and_a_table_of_the_same_figures(client: httpx2.AsyncClient) -> None:
    page = await see(client, "/monitor/gebieden/PV30?per=maand")
    charts = re.findall(r'<svg class="trend".*?</svg>', page.text, re.DOTALL)
    assert len(charts) == 1
    assert re.search(r"<title[^>]*>Verbondenheid, Dialogen, Noord-Brabant</title>", charts[0])
    assert re.search(r"<desc[^>]*>\d+ cijfers, van \d,\d over ", charts[0])
    drawn = dict(re.findall(r"<circle[^>]*><title>([^<]*): ([^<]*)</title>", charts[0]))
    assert drawn == {period: cells[0] for period, cells in page.rows().items()}
    assert len(drawn) > 10


async def test_an_area_can_be_asked_about_one_indicator(client: httpx2.AsyncClient) -> None:
    page = await see(client, f"/monitor/gebieden/{HELMOND}?indicator=mantelzorg")
    assert re.findall(r"<h3[^>]*>([^<]*)<", page.text) == ["Geeft mantelzorg"]
    assert '<option value="mantelzorg" selected>' in page.text


async def test_what_is_measured_otherwise_is_told_and_not_joined(client: httpx2.AsyncClient) -> None:
    page = await see(client, "/monitor/gebieden/GM0796")
    chart = next(c for c in re.findall(r'<svg class="trend".*?</svg>', page.text, re.DOTALL) if "Verbondenheid" in c)
    assert (chart.count('class="mark"'), chart.count('class="leap"')) == (1, 1)
    assert "niet vergelijkbaar met eerder, want de vragen zijn andere." in page.text


async def test_every_figure_of_an_area_leads_to_its_explanation(client: httpx2.AsyncClient) -> None:
    page = await see(client, f"/monitor/gebieden/{BREDA}")
    links = dict.fromkeys(link for link in page.links if link.startswith("/monitor/waarom?"))
    assert len(links) > 5
    for link in links:
        assert ">klopt<" in (await see(client, link)).text, link


async def test_the_contributions_run_from_the_first_figure_to_the_last(client: httpx2.AsyncClient) -> None:
    page = await see(client, WHY)
    first, *steps, last = page.tables[0][1:]
    assert (first[0], first[2], last[0]) == ("Begin", "geen openbaar cijfer", "Eind")
    assert steps[-1][4] == last[2]
    live = (await see(client, "/monitor/kaart?indicator=verbondenheid&bron=dialoog&periode=2026")).rows()["Helmond"]
    assert re.fullmatch(rf"{live[0][:-1]}\d\d n = {live[2]}", last[2])
    assert not re.search(r"\bregel \d", page.text)
    assert any("Een dialoog werd ingetrokken" in step[1] for step in steps)
    assert f"einde-dialoog-{HELMOND}-2026-09" in steps[-1][5]


async def test_an_explanation_can_be_cut_at_editions(client: httpx2.AsyncClient) -> None:
    path = f"/monitor/waarom?indicator=verbondenheid&gebied={BREDA}&periode=2019&bron=enquete"
    page = await see(client, f"{path}&van=nulmeting-2016&tot=monitor-2019")
    assert [row[1] for row in page.tables[0][2:-1]] == ["Waarnemingen kwamen erbij (inlezing monitor-2019)"]
    same = await see(client, f"{path}&van=monitor-2019&tot=najaar-2026")
    assert "Tussen deze twee momenten veranderde dit cijfer niet." in same.text


async def test_what_waits_is_nowhere(client: httpx2.AsyncClient) -> None:
    """Six people in Oosterhout said something; the pages are as if they had not."""
    path = "/monitor/gebieden/GM0826?per=maand"
    before = (await see(client, path)).text
    assert "Dialogen" not in before
    told = await see(client, "/monitor/waarom?indicator=verbondenheid&gebied=GM0826&bron=dialoog")
    never = await see(client, "/monitor/waarom?indicator=verbondenheid&gebied=GM0826&bron=ggd")
    said = "Over dit cijfer is niets openbaar: er zijn geen gegevens, of te weinig om te tonen."
    assert said in told.text
    assert said in never.text


async def test_the_matrix_has_six_cells_and_every_unknown_its_reason(client: httpx2.AsyncClient) -> None:
    page = await see(client, "/monitor/impact")
    assert page.text.count('<article class="card" aria-labelledby="cel-') == 6
    goals = page.tables[0][1:]
    assert len(goals) > 8
    for goal in goals:
        assert goal[1] in ("gehaald", "gemist", "onderweg") or re.fullmatch(r"onbekend \w.*\.", goal[1]), goal
    assert any(goal[1].startswith("onbekend ") for goal in goals)
    costs = page.rows(1)
    assert costs["Sociale Stad"] == ["€ 50.000", "€ 25.000", "2", "0", "€ 12.500"]
    assert costs["Slowcare"][-1].startswith("onbekend: ")


async def test_towns_beside_towns_come_with_the_warning_that_this_is_no_proof(client: httpx2.AsyncClient) -> None:
    page = await see(client, "/monitor/impact?indicator=mantelzorg&bron=ggd&periode=2020&sinds=2016#vergelijking")
    warning, table = page.text.index("geen bewijs dat het programma werkt"), page.text.index("in het programma en")
    assert warning < table
    assert [row[0] for row in page.tables[2][1:]] == ["2016", "2020", "Verandering"]
    assert "autonome ontwikkeling" in page.tables[2][-1][2]


async def test_an_edition_says_what_its_file_is_and_the_file_is_that(client: httpx2.AsyncClient) -> None:
    page = await see(client, "/monitor/edities/monitor-2019")
    for link, (_, size, digest) in zip(
        [link for link in page.links if link.startswith("/monitor/v1/editions/")], page.tables[0][1:], strict=True
    ):
        content = (await client.get(link)).content
        assert (f"{len(content):,}".replace(",", "."), hashlib.sha256(content).hexdigest()) == (size, digest)


async def test_a_difference_names_figures_and_events_and_leads_to_why(client: httpx2.AsyncClient) -> None:
    page = await see(client, f"{DIFFERENCE}?bron=dialoog&gebied={HELMOND}")
    figures = page.tables[0][1:]
    assert {row[0] for row in figures} == {"Verbondenheid"}
    assert all(row[4] == "geen openbaar cijfer" for row in figures)
    why = next(link for link in page.links if link.startswith("/monitor/waarom?"))
    assert "van=nulmeting-2016&tot=najaar-2026" in why
    assert ">klopt<" in (await see(client, why)).text
    assert "event-monitor-2019" in page.text
    more = await see(client, DIFFERENCE)
    following = next(link for link in more.links if "na=" in link)
    assert (await see(client, following)).tables[0][1] not in more.tables[0]


async def test_of_imports_only_when_and_which_is_public(client: httpx2.AsyncClient) -> None:
    page = await see(client, "/monitor/waarnemingen")
    assert [(len(row), row[-1]) for row in page.tables[0][1:]] == [
        (2, name) for name in ("ggd", "monitor-2022", "monitor-2019", "monitor-2016")
    ]
    assert ".csv" not in page.text.replace("/monitor/v1/observations.csv", "")


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/monitor/gebieden/GM9999", 404, "Er is geen gebied “GM9999”"),
        ("/monitor/edities/geen", 404, "Er is geen editie geen"),
        ("/monitor/edities/najaar-2026/verschil/monitor-2019", 400, "wissel ze om"),
    ],
)
async def test_a_page_that_is_not_there_is_a_page_that_says_what_was_expected(
    client: httpx2.AsyncClient, path: str, status: int, told: str
) -> None:
    page = await see(client, path, status)
    assert told in page.text
    assert "Terug naar het begin" in page.text
