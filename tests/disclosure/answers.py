"""One thing that anyone can read, and every value in it: JSON, CSV, workbooks, pages, streams and topics."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from html.parser import HTMLParser

from openpyxl import load_workbook

#: What a JSON object looks like from outside.
Object = dict[str, object]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NDJSON = "application/x-ndjson"

#: A number as JSON, CSV or Dutch text has it, not a part of a longer one, of an id or of a date.
_NUMBER = re.compile(r"(?<![\w.,-])-?\d+(?:[.,]\d+)?(?![\w:]|[.,-]\d)", re.ASCII)
#: Whole numbers in a row: `[1, 2]`, `1|2`, `1 · 2`.
_LIST = re.compile(r"(?<![\w.,|-])\d+(?:\s*[,|·]\s*\d+){2,}(?![\w.|-])", re.ASCII)


@dataclass
class Page:
    """A page of HTML: where it leads, what its forms ask, the cells of its tables, and its words."""

    links: list[str] = field(default_factory=list)
    forms: list["Form"] = field(default_factory=list)
    #: Rows of all tables; a cell is its words and the links in it.
    rows: list[list[tuple[str, tuple[str, ...]]]] = field(default_factory=list)
    words: str = ""


@dataclass
class Form:
    """A form with GET: where it goes, and for each field what may be chosen (nothing for free text)."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Surface:
    """What somebody got for asking: an answer, a page, a file, a stream or a topic. `role` is the token's."""

    name: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    role: str | None = None

    @property
    def media(self) -> str:
        """The media type, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def describes(self) -> bool:
        """Whether it says what answers look like, with made-up examples."""
        return bool(re.search(r"openapi\.json|asyncapi\.json|/schemas/", self.name))

    @cached_property
    def text(self) -> str:
        """All that there is to read, headers included."""
        head = "\n".join(f"{name}: {value}" for name, value in self.headers.items())
        if self.media == XLSX:
            return f"{head}\n{_workbook_text(self.content)}"
        return f"{head}\n{self.content.decode('utf-8', 'replace')}"

    @cached_property
    def documents(self) -> list[object]:
        """Every JSON document in it, numbers exactly as they were written."""
        text = self.content.decode("utf-8", "replace")
        if self.media == NDJSON:
            return [_parsed(line) for line in text.splitlines()]
        if self.media.endswith("json"):
            return [_parsed(text)]
        if self.media == "text/event-stream":
            return [_parsed(line[6:]) for line in text.splitlines() if line.startswith("data: ")]
        return []

    @cached_property
    def objects(self) -> list[Object]:
        """Every JSON object in it, at any depth, outer ones first."""
        return [found for document in self.documents for found in objects(document)]

    @cached_property
    def rows(self) -> list[dict[str, str]]:
        """The rows of a file, by column."""
        if self.media == XLSX:
            return list(_by_column(_workbook_rows(self.content)))
        if self.media == "text/csv":
            lines = self.content.decode("utf-8", "replace").splitlines()
            mark = ";" if lines and ";" in lines[0] else ","
            return list(_by_column(csv.reader(lines, delimiter=mark)))
        return []

    @cached_property
    def page(self) -> Page | None:
        """The page that it is."""
        if self.media != "text/html":
            return None
        reader = _Reader()
        reader.feed(self.content.decode("utf-8", "replace"))
        reader.page.words = re.sub(r"\s+", " ", reader.page.words)
        return reader.page

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Every number in it, with a point before decimals and without zeros behind."""
        cells = (value for row in self.rows for value in row.values() if _NUMBER.fullmatch(value))
        values = (str(value) for value in _leaves(self.documents) if isinstance(value, int | Decimal))
        return frozenset(plain(found) for found in (*_NUMBER.findall(self.text), *cells, *values))

    @cached_property
    def lists(self) -> frozenset[tuple[int, ...]]:
        """Every row of whole numbers in it."""
        return frozenset(tuple(map(int, re.findall(r"\d+", found))) for found in _LIST.findall(self.text))


def objects(document: object) -> Iterator[Object]:
    """Every object in a JSON document, outer ones first."""
    if isinstance(document, dict):
        yield document
        for value in document.values():
            yield from objects(value)
    elif isinstance(document, list):
        for value in document:
            yield from objects(value)


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _leaves(inner)
    else:
        yield value


def plain(number: str) -> str:
    """A number with a point before decimals and without zeros behind."""
    text = number.replace(",", ".")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _parsed(text: str) -> object:
    try:
        return json.loads(text, parse_float=Decimal)
    except ValueError:
        return None


def _workbook_rows(content: bytes) -> Iterator[list[str]]:
    book = load_workbook(io.BytesIO(content), read_only=True)
    for sheet in book.worksheets:
        for row in sheet.iter_rows(values_only=True):
            yield ["" if value is None else str(value) for value in row]


def _workbook_text(content: bytes) -> str:
    """Cells, and whatever else lies in the archive: properties say who made it and when."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        rest = [
            archive.read(name).decode("utf-8", "replace")
            for name in archive.namelist()
            if name.startswith(("docProps/", "xl/comments"))
        ]
    return "\n".join([*(";".join(row) for row in _workbook_rows(content)), *rest])


def _by_column(lines: Iterator[list[str]]) -> Iterator[dict[str, str]]:
    names = next(lines, [])
    return (dict(zip(names, line, strict=False)) for line in lines)


class _Reader(HTMLParser):
    """Reads a page."""

    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._select: str | None = None
        self._cell: list[str] | None = None
        self._cell_links: list[str] = []
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if "href" in named and tag in ("a", "link"):
            self.page.links.append(named["href"])
            self._cell_links.append(named["href"])
        match tag:
            case "form" if named.get("method", "get").lower() == "get":
                self.page.forms.append(Form(named.get("action", "")))
            case "select" if self.page.forms:
                self._select = named.get("name", "")
                self.page.forms[-1].fields[self._select] = []
            case "option" if self.page.forms and self._select is not None:
                self.page.forms[-1].fields[self._select].append(named.get("value", ""))
                if "selected" in named or self._select not in self.page.forms[-1].chosen:
                    self.page.forms[-1].chosen[self._select] = named.get("value", "")
            case "input" if self.page.forms and named.get("name"):
                self.page.forms[-1].fields.setdefault(named["name"], [])
                self.page.forms[-1].chosen[named["name"]] = named.get("value", "")
            case "tr":
                self.page.rows.append([])
            case "td" | "th" if self.page.rows:
                self._cell, self._cell_links = [], []
            case "style" | "script":
                self._silent = True

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "select":
                self._select = None
            case "td" | "th" if self._cell is not None:
                words = " ".join(" ".join(self._cell).split())
                self.page.rows[-1].append((words, tuple(self._cell_links)))
                self._cell = None
            case "style" | "script":
                self._silent = False

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        self.page.words += f" {data}"
        if self._cell is not None:
            self._cell.append(data)
