"""python -m deploy.programme --url http://127.0.0.1:8080 --tokens tokens.json"""

import json
from typing import Annotated

import typer

from .load import FILES, LoadError, load


def by_role(text: str) -> dict[str, str]:
    """The token of each role. Raises ValueError when it is neither a token nor JSON."""
    if text.lstrip().startswith("{"):
        return dict(json.loads(text))
    return dict.fromkeys({file.role for file in FILES}, text.strip())


def main(
    tokens: Annotated[
        typer.FileText, typer.Option(help="a bearer token that has every role, or JSON with one per role; - is stdin")
    ],
    url: Annotated[str, typer.Option(help="origin that serves all services")] = "http://127.0.0.1:8080",
    wait: Annotated[float, typer.Option(help="seconds a service may need to learn of the others' data")] = 60,
) -> None:
    """Load the programme. Loading twice changes nothing."""
    try:
        load(url, by_role(tokens.read()), wait=wait, say=typer.echo)
    except (LoadError, OSError, ValueError) as error:
        typer.echo(f"loading the programme failed: {error}", err=True)
        raise typer.Exit(1) from error


if __name__ == "__main__":
    typer.run(main)
