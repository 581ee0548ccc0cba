"""What anyone may read of the figures over HTTP: pages, series, maps and shares of municipalities."""

import json

import httpx2
import pytest

from services.monitor.published import views
from shared.database import Connection

from ..figure.tallies import ratio
from .world import (
    AALBURG,
    ALTENA,
    BOXTEL,
    DATA,
    FIGURES,
    HAAREN,
    HELMOND,
    WERKENDAM,
    WOUDRICHEM,
    Json,
    body,
    publish,
    refusal,
)


async def test_a_figure_is_shown_as_its_measure_has_it(client: httpx2.AsyncClient) -> None:
    page = await body(client, "/aggregates", views.Aggregates, limit="1000")
    assert (page["next"], page["publication"]) == (None, 3)
    items = page["items"]
    assert isinstance(items, list)
    shown = {item["id"]: item for item in items}
    assert len(shown) == len(FIGURES) + 1
    mean = shown[f"indicator.verbondenheid.{ALTENA}.2019"]
    assert (mean["n"], mean["mean"], mean["bound"]) == (110, 3.455, None)
    assert mean["confidenceInterval"] == {"low": 3.269, "high": 3.641}
    assert mean["distribution"] == [10, 10, 30, 40, 20]
    few = shown[f"indicator.verbondenheid.{WOUDRICHEM}.2018"]
    assert (few["n"], few["mean"], few["distribution"]) == (60, 3.7, None), "three and two thirds, rounded to a tenth"
    assert (mean["share"], mean["denominator"], mean["suppressed"], mean["source"]) == (None, None, False, "dialogue")
    share = shown[f"indicator.mantelzorg.{HELMOND}.2020.ggd"]
    assert (share["numerator"], share["denominator"], share["share"], share["n"]) == (75, 600, 0.125, None)
    assert share["confidenceInterval"] == {"low": 0.101, "high": 0.154}
    assert (share["mean"], share["measure"], share["theme"], share["publication"]) == (None, "ratio", "gezondheid", 1)
    without = shown[f"indicator.verbondenheid.{AALBURG}.2018.survey"]
    assert (without["mean"], without["confidenceInterval"]) == (4.0, {"low": 3.805, "high": 4.195})
    assert "standardDeviation" not in without
    assert shown[f"theme.verbinding.{AALBURG}.2018"]["publication"] == 3


async def test_a_distribution_is_shown_of_at_least_a_hundred_answers(client: httpx2.AsyncClient) -> None:
    page = await body(client, "/aggregates", code="leeftijd")
    items = page["items"]
    assert isinstance(items, list)
    assert [(item["period"], item["n"], item["distribution"]) for item in items] == [
        ("2018", 99, None),
        ("2019", 100, [33, 33, 34]),
    ]


async def test_pages_follow_their_cursor(client: httpx2.AsyncClient) -> None:
    seen: list[object] = []
    query = {"kind": "indicator", "limit": "4"}
    while True:
        page = await body(client, "/aggregates", views.Aggregates, **query)
        items, cursor = page["items"], page["next"]
        assert isinstance(items, list)
        seen += [item["id"] for item in items]
        if cursor is None:
            break
        query["after"] = str(cursor)
    assert (len(seen), len(set(seen))) == (len(FIGURES), len(FIGURES))


def points(answer: Json) -> dict[str, list[tuple[object, ...]]]:
    """Per source: period, mean or share, parts and reason."""
    series = answer["series"]
    assert isinstance(series, list)
    return {
        one["source"]: [
            (
                point["period"],
                point["figure"] and (point["figure"]["mean"] or point["figure"]["share"]),
                point["parts"],
                point["reason"],
            )
            for point in one["points"]
        ]
        for one in series
    }


async def test_a_series_in_a_division_is_whole_or_says_why_not_for_each_source_apart(
    client: httpx2.AsyncClient,
) -> None:
    path = f"/indicators/verbondenheid/areas/{ALTENA}/series"
    answer = await body(client, path, views.AreaSeries, indeling="2019")
    assert points(answer) == {
        # (10 * 3 + 30 * 4 + 60 * 3.7) / 100
        "dialogue": [("2018", 3.72, [AALBURG, WERKENDAM, WOUDRICHEM], None), ("2019", 3.455, [ALTENA], None)],
        "survey": [("2018", None, [], "geen gepubliceerd cijfer van Woudrichem"), ("2019", 3.5, [ALTENA], None)],
    }
    assert answer["breaks"] == []
    only = await body(client, path, indeling="2019", source="survey", to="2018")
    assert points(only) == {"survey": [("2018", None, [], "geen gepubliceerd cijfer van Woudrichem")]}


async def test_a_series_without_a_division_is_of_the_area_as_it_was_and_tells_where_it_breaks(
    client: httpx2.AsyncClient, connection: Connection
) -> None:
    await connection.execute(
        "INSERT INTO indicator_version VALUES ('mantelzorg', 2, '2.0', 'Anders', '2020-01-01', false, 'Andere vraag')"
    )
    answer = await body(client, f"/indicators/mantelzorg/areas/{BOXTEL}/series", views.AreaSeries)
    assert points(answer) == {"ggd": [("2020", 0.125, [BOXTEL], None), ("2021", 0.15, [BOXTEL], None)]}
    told = "Haaren is op 1 januari 2021 verdeeld over Boxtel, Oisterwijk, Tilburg en Vught"
    assert answer["breaks"] == [
        {"on": "2020-01-01", "of": "version", "comparable": False, "reason": "Andere vraag"},
        {"on": "2021-01-01", "of": "division", "comparable": False, "reason": told},
    ]
    months = await body(
        client, f"/indicators/verbondenheid/areas/{ALTENA}/series", views.AreaSeries, periodKind="month"
    )
    assert [period for period, *_ in points(months)["dialogue"]] == ["2019-03"]


async def test_what_grew_is_refused_for_before(client: httpx2.AsyncClient) -> None:
    reason = "niet herberekenbaar: Haaren is op 1 januari 2021 verdeeld over Boxtel, Oisterwijk, Tilburg en Vught"
    grown = await body(client, f"/indicators/mantelzorg/areas/{BOXTEL}/series", views.AreaSeries, indeling="2021")
    assert points(grown) == {"ggd": [("2020", None, [], reason), ("2021", 0.15, [BOXTEL], None)]}
    gone = await body(client, f"/indicators/mantelzorg/areas/{HAAREN}/series", views.AreaSeries, indeling="2020")
    assert points(gone) == {"ggd": [("2020", 0.15, [HAAREN], None), ("2021", None, [], reason)]}


def on_map(answer: Json) -> dict[str, tuple[object, ...]]:
    """Per area: mean or share, parts and reason."""
    areas = answer["areas"]
    assert isinstance(areas, list)
    return {
        one["area"]: (
            one["figure"] and (one["figure"]["mean"] or one["figure"]["share"]),
            one["parts"],
            one["reason"],
        )
        for one in areas
    }


async def test_a_map_has_every_municipality_of_the_division(client: httpx2.AsyncClient) -> None:
    query = {"period": "2018", "source": "dialogue"}
    as_it_was = on_map(await body(client, "/indicators/verbondenheid/map", views.Map, **query))
    assert (len(as_it_was), as_it_was[AALBURG], as_it_was[HELMOND]) == (64, (3.0, [AALBURG], None), (None, [], None))
    later = on_map(await body(client, "/indicators/verbondenheid/map", views.Map, **query, indeling="2022"))
    assert (len(later), AALBURG in later) == (56, False)
    assert later[ALTENA] == (3.72, [AALBURG, WERKENDAM, WOUDRICHEM], None)
    assert later[BOXTEL][2] == (
        "niet herberekenbaar: Haaren is op 1 januari 2021 verdeeld over Boxtel, Oisterwijk, Tilburg en Vught"
    )


async def test_a_share_of_the_municipalities_has_a_moving_denominator(
    client: httpx2.AsyncClient, connection: Connection
) -> None:
    friendly = (AALBURG, WERKENDAM, WOUDRICHEM, HELMOND, BOXTEL)
    areas = json.loads((DATA / "areas.json").read_text("utf-8"))
    there = {
        a["code"]
        for a in areas
        if a["level"] == "municipality"
        and a["validFrom"] <= "2018-12-31"
        and (a["validUntil"] is None or a["validUntil"] > "2018-12-31")
    }
    known = {
        ("mantelzorg", "open-data", "2018", area): ratio(90 if area in friendly else 50, 100)
        for area in there
        if area != "GM0772"
    }
    await publish(connection, known, 4)

    async def share(day: str) -> Json:
        return await body(
            client,
            "/shares-of-municipalities",
            views.ShareOfMunicipalities,
            indicator="mantelzorg",
            source="open-data",
            period="2018",
            atLeast="0.9",
            **({"on": day} if day else {}),
        )

    then = await share("")
    assert (then["numerator"], then["denominator"], then["unknown"], then["share"]) == (5, 64, 1, None)
    assert (then["on"], then["undecided"]) == ("2018-12-31", ["GM0772"])
    merged = await share("2019-01-01")
    assert (merged["numerator"], merged["denominator"], merged["unknown"]) == (3, 62, 1)
    assert merged["reached"] == sorted([ALTENA, HELMOND, BOXTEL])
    divided = await share("2021-01-01")
    assert (divided["numerator"], divided["denominator"], divided["unknown"]) == (2, 61, 2)
    assert divided["undecided"] == sorted([BOXTEL, "GM0772"])
    await publish(connection, {("mantelzorg", "open-data", "2018", "GM0772"): ratio(50, 100)}, 5)
    whole = await share("2019-01-01")
    assert (whole["numerator"], whole["denominator"], whole["share"]) == (3, 62, 0.048)


# Versions of an answer.


async def test_an_answer_that_one_has_is_not_sent_again_until_something_is_published(
    client: httpx2.AsyncClient, connection: Connection
) -> None:
    path = f"/monitor/v1/indicators/mantelzorg/areas/{HELMOND}/series"
    first = await client.get(path)
    tag = first.headers["etag"]
    again = await client.get(path, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    await publish(connection, {("mantelzorg", "ggd", "2022", HELMOND): ratio(10, 100)}, 4)
    newer = await client.get(path, headers={"If-None-Match": tag})
    assert (newer.status_code, len(points(newer.json())["ggd"]), newer.json()["publication"]) == (200, 2, 4)
    assert newer.headers["etag"] != tag
    await connection.execute("INSERT INTO area_change VALUES ('x', '2023-01-01', 'merger', '{GM0794}', '{GM0794}')")
    grown = await client.get(path, headers={"If-None-Match": newer.headers["etag"]})
    assert (grown.status_code, grown.json()["breaks"][0]["on"]) == (200, "2023-01-01")


async def test_a_read_asks_for_nobody_and_an_unknown_etag_is_no_match(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/monitor/v1/aggregates", headers={"If-None-Match": '"1-2-3"'})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")


# What is refused.


async def test_what_is_not_known_is_told_in_dutch(client: httpx2.AsyncClient) -> None:
    series = f"/indicators/mantelzorg/areas/{HELMOND}/series"
    assert await refusal(client, "/indicators/geluk/map", period="2020", source="ggd") == (
        404,
        "unknown-indicator",
        "Er is geen indicator geluk.",
    )
    assert (await refusal(client, f"/indicators/geluk/areas/{HELMOND}/series"))[1] == "unknown-indicator"
    assert await refusal(client, "/indicators/mantelzorg/areas/GM9999/series") == (
        404,
        "unknown-area",
        "Er is geen gebied GM9999.",
    )
    status, code, detail = await refusal(client, series, indeling="2199")
    assert (status, code) == (422, "unknown-division")
    assert detail.startswith("De indeling van 2199 is niet bekend: kies een jaar van 2016 tot en met ")
    assert (await refusal(client, "/indicators/mantelzorg/map", period="2020", source="ggd", indeling="2015"))[0] == 422
    assert (await refusal(client, series, indeling="ooit"))[0] == 400
    status, code, detail = await refusal(client, f"/indicators/mantelzorg/areas/{ALTENA}/series", indeling="2018")
    assert (status, code) == (404, "area-not-in-division")
    assert detail.startswith("Altena bestond niet op 1 januari 2018: Aalburg, Werkendam en Woudrichem zijn")


@pytest.mark.parametrize("period", ["2019-13", "2019-Q5", "19", "0000", "2019-1", "jaar"])
async def test_a_period_must_be_written_as_one(client: httpx2.AsyncClient, period: str) -> None:
    assert (await refusal(client, "/aggregates", period=period))[:2] == (400, "invalid-input")
    assert (await refusal(client, "/aggregates", **{"from": period}))[:2] == (400, "invalid-input")


@pytest.mark.parametrize("cursor", ["x", "a.b.c.d", "indicator.mantelzorg.ggd.2020.", "theme.x.ggd.2020.PV30"])
async def test_a_cursor_must_be_of_this_list(client: httpx2.AsyncClient, cursor: str) -> None:
    assert (await refusal(client, "/aggregates", kind="indicator", after=cursor))[:2] == (400, "invalid-cursor")


async def test_a_share_needs_one_bar_one_value_and_a_later_day(client: httpx2.AsyncClient) -> None:
    async def refused(**query: str) -> str:
        asked = {"indicator": "mantelzorg", "source": "ggd", "period": "2020", **query}
        status, code, _ = await refusal(client, "/shares-of-municipalities", **asked)
        assert status == 400
        return code

    assert await refused() == "one-bar"
    assert await refused(atLeast="1", atMost="2") == "one-bar"
    assert await refused(atLeast="heel veel") == "invalid-input"
    assert await refused(atLeast="1", on="2020-12-30") == "before-period"
    assert await refused(atLeast="1", indicator="leeftijd", source="open-data") == "no-single-value"


async def test_the_openapi_document_tells_of_every_answer(client: httpx2.AsyncClient) -> None:
    document = (await client.get("/monitor/v1/openapi.json")).json()
    schemas = document["components"]["schemas"]
    for path, name in (
        ("/aggregates", "Aggregates"),
        ("/indicators/{code}/areas/{area}/series", "AreaSeries"),
        ("/indicators/{code}/map", "Map"),
        ("/shares-of-municipalities", "ShareOfMunicipalities"),
    ):
        answer = document["paths"][f"/monitor/v1{path}"]["get"]["responses"]["200"]
        assert answer["content"]["application/json"]["schema"] == {"$ref": f"#/components/schemas/{name}"}
        assert schemas[name]["required"]
