"""python -m deploy.programme --url http://127.0.0.1:8080 --tokens tokens.json"""

import json
from pathlib import Path
from typing import Annotated

import typer

from .load import LoadError, load


def main(
    tokens: Annotated[Path, typer.Option(help="JSON file with a bearer token per role", dir_okay=False)],
    url: Annotated[str, typer.Option(help="origin that serves all services")] = "http://127.0.0.1:8080",
    wait: Annotated[float, typer.Option(help="seconds a service may need to learn of the others' data")] = 60,
) -> None:
    """Load the programme. Loading twice changes nothing."""
    try:
        load(url, json.loads(tokens.read_text("utf-8")), wait=wait, say=typer.echo)
    except (LoadError, OSError, ValueError) as error:
        typer.echo(f"loading the programme failed: {error}", err=True)
        raise typer.Exit(1) from error


if __name__ == "__main__":
    typer.run(main)
