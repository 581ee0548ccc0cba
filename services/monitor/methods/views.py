"""Answers about methods."""

from shared.http.bodies import View


class Method(View):
    """How observations are measured."""

    code: str
    name: str
    version: int
