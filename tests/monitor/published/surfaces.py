"""Every surface that shows a public figure, read as anyone would: each cell with the values that are shown of it.

A page shows text: that is compared with the text that the same values come to.
"""

import csv
import io
import json
import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from decimal import Decimal
from html import unescape
from typing import Any, TypeAlias

import httpx2

from services.monitor.history.domain import CellKey
from shared.web.dutch import month

#: By name; a value that is not there is left out, for a surface may not show it.
Values: TypeAlias = dict[str, object]
Cells: TypeAlias = AsyncIterator[tuple[CellKey, Values]]
Surface: TypeAlias = Callable[[httpx2.AsyncClient], Cells]

SOURCES = {"dialogue": "dialoog", "survey": "enquete", "ggd": "ggd", "open-data": "open-data"}
_SOURCE_NAMES = {"Dialogen": "dialogue", "Enquête": "survey", "GGD": "ggd", "Open data": "open-data"}
_NAMES = {f"{of}{end}": end.strip("_").lower() for of in ("mean", "share") for end in ("Low", "High", "_low", "_high")}
_WORDS = {"year": "jaar", "quarter": "kwartaal", "month": "maand"}
_BOUNDS = {"lower-than": "lager dan ", "higher-than": "hoger dan "}


async def aggregates(client: httpx2.AsyncClient) -> Cells:
    """The list of all figures, page by page."""
    query = {"limit": "7"}
    while True:
        page = await _json(client, "/monitor/v1/aggregates", **query)
        for item in page["items"]:
            yield CellKey(*(item[name] for name in CellKey._fields)), _of_figure(item)
        if page["next"] is None:
            return
        query["after"] = page["next"]


async def series(client: httpx2.AsyncClient) -> Cells:
    """Every indicator in every area through time."""
    async for code, area, kind in _asked(client):
        path = f"/monitor/v1/indicators/{code}/areas/{area}/series"
        for one in (await _json(client, path, periodKind=kind))["series"]:
            for point in one["points"]:
                cell = CellKey("indicator", code, one["source"], area, point["period"])
                yield cell, _of_figure(point["figure"])


async def maps(client: httpx2.AsyncClient) -> Cells:
    """Every indicator on the map, of every period, from every kind of source."""
    for code, source, period in sorted({(c.code, c.source, c.period) for c in await _indicator_cells(client)}):
        answer = await _json(client, f"/monitor/v1/indicators/{code}/map", source=source, period=period)
        for one in answer["areas"]:
            if one["figure"]:
                yield CellKey("indicator", code, source, one["area"], period), _of_figure(one["figure"])


async def explanations(client: httpx2.AsyncClient) -> Cells:
    """The end of every explanation, and the figure after its last contribution."""
    for cell in await _indicator_cells(client):
        path = f"/monitor/v1/indicators/{cell.code}/areas/{cell.area}/explanation"
        found = await _json(client, path, source=cell.source, period=cell.period, limit="500")
        assert found["next"] is None
        assert found["contributions"][-1]["running"] == found["end"]
        yield cell, _of_sums(found["end"])


async def edition_json(client: httpx2.AsyncClient) -> Cells:
    """An edition of now, as JSON."""
    for item in (await _json(client, "/monitor/v1/editions/now.json"))["cells"]:
        yield _cell(item), _known({_NAMES.get(name, name): value for name, value in _rest(item)})


async def edition_csv(client: httpx2.AsyncClient) -> Cells:
    """An edition of now, as CSV."""
    for row in await _csv(client, "/monitor/v1/editions/now.csv"):
        yield _cell(row), _known({_NAMES.get(name, name): value for name, value in _rest(row) if value})


async def differences(client: httpx2.AsyncClient) -> Cells:
    """What there is more than before anything was published."""
    query = {"limit": "9"}
    while True:
        page = await _json(client, "/monitor/v1/editions/before/differences/now", **query)
        for item in page["items"]:
            yield _cell(item), _of_sums(item["after"])
        if page["next"] is None:
            return
        query["after"] = page["next"]


async def differences_csv(client: httpx2.AsyncClient) -> Cells:
    """The same, as CSV."""
    for row in await _csv(client, "/monitor/v1/editions/before/differences/now.csv"):
        after = {name.removesuffix("_after"): value for name, value in row.items() if name.endswith("_after") and value}
        yield _cell(row), _known(after)


async def area_pages(client: httpx2.AsyncClient) -> Cells:
    """The tables of every area."""
    names = await _codes(client, "indicators", "nameNl")
    for area in sorted({cell.area for cell in await _indicator_cells(client)}):
        for kind, word in _WORDS.items():
            page = await _page(client, f"/monitor/gebieden/{area}?per={word}")
            for title, rows in _tables(page):
                name, source, _ = title.split(", ")
                for period, *shown in rows:
                    cell = CellKey("indicator", names[name], _SOURCE_NAMES[source], area, _period(period, kind))
                    yield cell, _of_row(shown)


async def map_pages(client: httpx2.AsyncClient) -> Cells:
    """The table beside every map."""
    places = await _codes(client, "areas", "name")
    for code, source, period in sorted({(c.code, c.source, c.period) for c in await _indicator_cells(client)}):
        path = f"/monitor/kaart?indicator={code}&bron={SOURCES[source]}&periode={period}"
        for _, rows in _tables(await _page(client, path)):
            for name, *shown in rows:
                if shown[0] != "geen openbaar cijfer":
                    yield CellKey("indicator", code, source, places[name], period), _of_row(shown)


async def why_pages(client: httpx2.AsyncClient) -> Cells:
    """The end of every explanation that is a page."""
    for cell in await _indicator_cells(client):
        of = f"indicator={cell.code}&gebied={cell.area}&bron={SOURCES[cell.source]}"
        path = f"/monitor/waarom?{of}&periode={cell.period}"
        [(_, rows)] = _tables(await _page(client, path))
        yield cell, {"finely": rows[-1][2]}


async def overview_pages(client: httpx2.AsyncClient) -> Cells:
    """The themes of every month."""
    places = await _codes(client, "areas", "name")
    for period in sorted({cell.period async for cell, _ in aggregates(client) if cell.kind == "theme"}):
        if len(period) != 7 or "Q" in period:
            continue
        page = await _page(client, f"/monitor?maand={period}")
        themes = [head.lower().replace(" ", "-") for head in re.findall(r'<th scope="col">([^<]*)</th>', page)]
        for title, rows in _tables(page):
            for name, *shown in rows if title in ("Provincie en regio’s", "Gemeenten") else ():
                for theme, text in zip(themes[1:], shown, strict=False):
                    if "n =" in text:
                        cell = CellKey("theme", theme, "dialogue", places[name], period)
                        yield cell, {"line": text.replace(" op een schaal van 1 tot 5", "")}


SURFACES: Mapping[str, Surface] = {
    "aggregates": aggregates,
    "series": series,
    "maps": maps,
    "explanations": explanations,
    "edition as JSON": edition_json,
    "edition as CSV": edition_csv,
    "differences": differences,
    "differences as CSV": differences_csv,
    "pages of areas": area_pages,
    "pages of maps": map_pages,
    "pages that explain": why_pages,
    "overviews": overview_pages,
}


def texts(values: Values) -> Values:
    """What a page may say of a cell: its value in one and in two decimals, its margin, and with what it rests on."""
    rests = values.get("denominator", values.get("n"))
    if "mean" in values:
        value, low, high = (values.get(name) for name in ("mean", "low", "high"))
        bound = _BOUNDS.get(str(values.get("bound")), "")
        wholes = [bound + _decimal(value, places) for places in (1, 2)]
        margin = f"{_decimal(low, 1)} – {_decimal(high, 1)}" if "low" in values else "onbekend"
    elif "share" in values:
        wholes = [f"{_decimal(100 * Decimal(str(values['share'])), places)}%" for places in (1, 2)]
        margin = " – ".join(f"{_decimal(100 * Decimal(str(values[name])), 1)}%" for name in ("low", "high"))
    elif "numerator" in values:
        whole = _whole(values["numerator"])
        return {"value": whole, "finely": whole}
    else:
        classes = values.get("distribution")
        told = " · ".join(map(str, classes)) if isinstance(classes, tuple) else ""
        answers = f"{_whole(rests)} antwoorden"
        return {"value": _whole(rests), "margin": told or "niet openbaar", "finely": f"{answers} {told}".strip()}
    n = _whole(rests)
    return {
        "value": wholes[0],
        "margin": margin,
        "rests": n,
        "line": f"{wholes[0]} n = {n}",
        "finely": f"{wholes[1]} n = {n}",
    }


def _of_figure(figure: Mapping[str, Any]) -> Values:
    between = figure["confidenceInterval"] or {}
    names = ("n", "mean", "bound", "numerator", "denominator", "share", "distribution")
    return _known({**{name: figure[name] for name in names}, **between})


def _of_sums(sums: Mapping[str, Any]) -> Values:
    return _known(
        {
            **{name: sums[name] for name in ("respondents", "mean", "bound", "share")},
            # They add up: none is nought.
            **{name: sums[name] or None for name in ("n", "numerator", "denominator")},
            "distribution": sums["histogram"] or None,
        }
    )


def _of_row(shown: list[str]) -> Values:
    return dict(zip(("value", "margin", "rests"), shown[:-1], strict=False))


def _known(values: Mapping[str, object]) -> Values:
    found: Values = {}
    for name, value in values.items():
        name = "distribution" if name == "histogram" else name
        if value is None:
            continue
        if name == "distribution":
            parts = value.split("|") if isinstance(value, str) else value
            assert isinstance(parts, list)
            found[name] = tuple(map(int, parts))
        else:
            found[name] = value if name == "bound" else Decimal(str(value)).normalize()
    return found


def _cell(row: Mapping[str, Any]) -> CellKey:
    return CellKey(*(row[name] for name in CellKey._fields))


def _rest(row: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    return ((name, value) for name, value in row.items() if name not in CellKey._fields)


async def _indicator_cells(client: httpx2.AsyncClient) -> list[CellKey]:
    return [cell async for cell, _ in aggregates(client) if cell.kind == "indicator"]


async def _asked(client: httpx2.AsyncClient) -> AsyncIterator[tuple[str, str, str]]:
    for code, area in sorted({(cell.code, cell.area) for cell in await _indicator_cells(client)}):
        for kind in _WORDS:
            yield code, area, kind


async def _codes(client: httpx2.AsyncClient, register: str, name: str) -> dict[str, str]:
    answer = await client.get(f"/monitor/v1/{register}")
    return {one[name]: one["code"] for one in answer.json()}


async def _json(client: httpx2.AsyncClient, path: str, **query: str) -> dict[str, Any]:
    answer = await client.get(path, params=query or None)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = json.loads(answer.content, parse_float=Decimal)
    return found


async def _csv(client: httpx2.AsyncClient, path: str) -> list[dict[str, str]]:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


async def _page(client: httpx2.AsyncClient, path: str) -> str:
    answer = await client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    return answer.text


def _tables(page: str) -> Iterable[tuple[str, list[list[str]]]]:
    """Each table's caption, and the texts of the rows of its body."""
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        caption = re.search(r"<caption[^>]*>(.*?)</caption>", table, re.DOTALL)
        body = re.search(r"<tbody>(.*?)</tbody>", table, re.DOTALL)
        rows = [
            [_text(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
            for row in re.findall(r"<tr.*?</tr>", body[1] if body else "", re.DOTALL)
        ]
        yield _text(caption[1]) if caption else "", rows


def _text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def _period(name: str, kind: str) -> str:
    """`2026`, `1e kwartaal 2026` or `maart 2026` as a period."""
    if kind == "year":
        return name
    if kind == "quarter":
        return f"{name[-4:]}-Q{name[0]}"
    months = [month(f"2026-{number:02}").split()[0] for number in range(1, 13)]
    return f"{name[-4:]}-{months.index(name.split()[0]) + 1:02}"


def _decimal(value: object, places: int) -> str:
    return f"{Decimal(str(value)):.{places}f}".replace(".", ",")


def _whole(value: object) -> str:
    return f"{int(Decimal(str(value))):,}".replace(",", ".")
