"""The media types of files, for routes to name in the OpenAPI document. What answers is any response of that type."""

from fastapi.responses import Response


class CsvDownload(Response):
    """A table as text."""

    media_type = "text/csv"


class WorkbookDownload(Response):
    """A table for a spreadsheet program."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


#: What is a file wherever it is answered.
FILES = frozenset((CsvDownload.media_type, WorkbookDownload.media_type))
