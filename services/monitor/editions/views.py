"""Answers about editions."""

from datetime import datetime

from shared.http.bodies import View

from .edition import Edition, FileKind

MEDIA: dict[FileKind, str] = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


class EditionFile(View):
    """A file of an edition. `sha256` and `bytes` never change."""

    href: str
    media_type: str
    bytes: int
    sha256: str


class EditionView(View):
    """A frozen publication of every public figure."""

    id: str
    title: str
    publication: int
    cut_at: datetime
    published_at: datetime
    cells: int
    format: int
    generator: str
    previous: str | None
    next: str | None
    files: list[EditionFile]


class EditionsView(View):
    """The series, oldest first."""

    items: list[EditionView]


def edition_view(edition: Edition) -> EditionView:
    """An edition as it is answered."""
    name = edition.head.edition
    return EditionView(
        id=name,
        title=edition.head.title,
        publication=edition.head.publication,
        cut_at=edition.head.cut_at,
        published_at=edition.published_at,
        cells=edition.cells,
        format=edition.format,
        generator=edition.generator,
        previous=edition.previous,
        next=edition.next,
        files=[
            EditionFile(
                href=f"/monitor/v1/editions/{name}.{kind}",
                media_type=MEDIA[kind].partition(";")[0],
                bytes=file.bytes,
                sha256=file.sha256,
            )
            for kind, file in edition.files.items()
        ],
    )
