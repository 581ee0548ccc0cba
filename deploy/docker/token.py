"""Signs a token for a person or system; the signing key comes on standard input and stays with the operator."""

import sys
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from shared.http import auth


def main(
    subject: Annotated[str, typer.Option(help="pseudonymous id of the person or system")],
    role: Annotated[list[str], typer.Option(help=f"one or more of: {', '.join(auth.ROLES)}")],
    days: Annotated[int, typer.Option(min=1, max=366, help="how long the token holds")] = 30,
) -> None:
    """Print a bearer token."""
    if unknown := set(role) - set(auth.ROLES):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: expected one of {', '.join(auth.ROLES)}")
    typer.echo(auth.mint(sys.stdin.read(), subject, role, datetime.now(UTC), timedelta(days=days)))


if __name__ == "__main__":
    typer.run(main)
