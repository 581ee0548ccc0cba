"""What the demo needs instead of an operator's secrets: `python -m deploy.docker.demo make | show`."""

import json
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import typer
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.http import auth

FOLDER = Path("/demo")
PUBLIC_KEY = "jwt-public-key.pem"
POSTGRES_PASSWORD = "postgres-password"  # noqa: S105  the name of a file
#: Laid down by each start of the demo and taken away by the step that then accepts the demo's secrets, once.
REQUESTED = "requested"
_PRIVATE_KEY = "signing-key.pem"
_TOKENS = "tokens.json"
_LIFETIME = timedelta(days=30)

cli = typer.Typer(no_args_is_help=True, add_completion=False, help="Keys, a password and tokens of the demo.")


def _write(name: str, text: str) -> None:
    path = FOLDER / name
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


@cli.command()
def make() -> None:
    """Make what is missing, and fresh tokens: one per role."""
    if not (FOLDER / _PRIVATE_KEY).exists():
        key = Ed25519PrivateKey.generate()
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        _write(POSTGRES_PASSWORD, secrets.token_hex(24))
        _write(PUBLIC_KEY, public.decode())
        _write(_PRIVATE_KEY, private.decode())
    private_pem = (FOLDER / _PRIVATE_KEY).read_text("utf-8")
    now = datetime.now(UTC)
    tokens = {role: auth.mint(private_pem, f"demo-{role}", [role], now, _LIFETIME) for role in auth.ROLES}
    _write(_TOKENS, json.dumps(tokens, indent=2))
    _write(REQUESTED, "")
    typer.echo("the demo has its keys; docker compose run --rm -T tools deploy.docker.demo show prints its tokens")


@cli.command()
def show() -> None:
    """Print the token of each role, as JSON."""
    typer.echo((FOLDER / _TOKENS).read_text("utf-8"))


if __name__ == "__main__":
    cli()
