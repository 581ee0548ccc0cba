"""A page of the monitor as a test reads it."""

from html.parser import HTMLParser

import httpx2

WHY = "/monitor/waarom?indicator=verbondenheid&gebied=GM0794&periode=2026&bron=dialoog"
DIFFERENCE = "/monitor/edities/nulmeting-2016/verschil/najaar-2026"


class Page(HTMLParser):
    """A page: its status, text, tables as rows of texts, and links."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__()
        self.status, self.text = status, text
        self.tables: list[list[list[str]]] = []
        self.links: list[str] = []
        self._cell: list[str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self._cell = []
        elif tag in ("br", "p") and self._cell is not None:
            self._cell.append(" ")
        elif tag == "a" and (href := given.get("href")):
            self.links.append(href)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            self.tables[-1][-1].append(" ".join("".join(self._cell).split()))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def rows(self, table: int = 0) -> dict[str, list[str]]:
        """The rows of a table, by their first cell."""
        return {row[0]: row[1:] for row in self.tables[table][1:]}


async def see(client: httpx2.AsyncClient, path: str, status: int = 200) -> Page:
    answer = await client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Page(answer.status_code, answer.text)
