"""Checks the secrets and settings of the stack and hands each container its own: `python -m deploy.docker.prepare`.

An operator gives two files: the password of Postgres and the key that verifies tokens. The passwords of the services
are made here: nobody needs to know them. Runs first at every `docker compose up`; when it refuses, nothing starts.
"""

import os
import secrets
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from services.monitor.settings import MonitorSettings
from shared.runtime.settings import SettingsError

from .demo import POSTGRES_PASSWORD, PUBLIC_KEY, REQUESTED

SERVICES = ("initiatives", "monitor", "community", "finance", "feeds")
_USER = 10001
_SHORTEST = 16
_DEFAULTS = ("postgres", "password", "veerkracht", "changeme", "secret", "admin", "welkom", "wachtwoord")
_HINTS = {
    POSTGRES_PASSWORD: "openssl rand -hex 24 > {path}",
    PUBLIC_KEY: "openssl pkey -in signing-key.pem -pubout -out {path}",
}


@dataclass
class Preparation:
    """One run: what was found wrong, and where things are."""

    given: Path = Path("/given")
    demo: Path = Path("/demo")
    handed: Path = Path("/handed")
    #: How the operator knows the folder `given`.
    shown: str = os.environ.get("VEERKRACHT_SECRETS", "deploy/docker/secrets")
    problems: list[str] = field(default_factory=list)

    def run(self) -> list[str]:
        """Hand out the secrets, or return what is wrong and hand out nothing."""
        requested = self.demo / REQUESTED
        in_demo = requested.exists()
        requested.unlink(missing_ok=True)
        source = self._demo_source() if in_demo else self.given
        password, key = self._read(source, POSTGRES_PASSWORD), self._read(source, PUBLIC_KEY)
        if not in_demo:
            self._refuse_demo(POSTGRES_PASSWORD, password)
            self._refuse_demo(PUBLIC_KEY, key)
        if password:
            self._check_password(password)
        if key:
            self._check_key(key)
        self._check_settings()
        if not self.problems:
            self._hand_out(password, key)
        return self.problems

    def _demo_source(self) -> Path:
        for name in (POSTGRES_PASSWORD, PUBLIC_KEY):
            if (self.given / name).exists():
                self.problems.append(
                    f"{self.shown}/{name}: there are secrets of your own here, and the profile `demo` would replace "
                    f"them by its own. Leave the profile out."
                )
        return self.demo

    def _read(self, source: Path, name: str) -> str:
        path = source / name
        text = path.read_text("utf-8").strip() if path.is_file() else ""
        if not text:
            shown = f"{self.shown}/{name}"
            self.problems.append(
                f"{shown}: missing or empty. Make it: {_HINTS[name].format(path=shown)}\n"
                f"    (or try everything out with demo secrets: docker compose --profile demo up -d --wait)"
            )
        return text

    def _refuse_demo(self, name: str, value: str) -> None:
        path = self.demo / name
        if value and path.is_file() and secrets.compare_digest(path.read_text("utf-8").strip(), value):
            self.problems.append(f"{self.shown}/{name}: this is the demo's own. Make one: {_HINTS[name]}")

    def _check_password(self, password: str) -> None:
        plain = password.lower().rstrip("0123456789!")
        if len(password) < _SHORTEST or plain in _DEFAULTS:
            self.problems.append(
                f"{self.shown}/{POSTGRES_PASSWORD}: expected a password of at least {_SHORTEST} characters that is "
                f"not a default. Make one: {_HINTS[POSTGRES_PASSWORD].format(path=f'{self.shown}/{POSTGRES_PASSWORD}')}"
            )

    def _check_key(self, pem: str) -> None:
        try:
            fine = isinstance(load_pem_public_key(pem.encode()), Ed25519PublicKey)
        except (ValueError, UnsupportedAlgorithm):
            fine = False
        if not fine:
            self.problems.append(f"{self.shown}/{PUBLIC_KEY}: expected the PEM of an Ed25519 public key")

    def _check_settings(self) -> None:
        try:
            MonitorSettings.load()
        except SettingsError as error:
            self.problems += str(error).splitlines()

    def _hand_out(self, password: str, key: str) -> None:
        owner = self.handed / "owner"
        self._write(owner / POSTGRES_PASSWORD, password)
        self._write(owner / "admin-url", f"postgresql://postgres:{quote(password, safe='')}@postgres:5432/veerkracht")
        for service in SERVICES:
            own = self.handed / service / "database-password"
            if not own.exists():
                self._write(own, secrets.token_hex(24))
            self._write(self.handed / service / PUBLIC_KEY, key)

    def _write(self, path: Path, text: str) -> None:
        """Whole or not at all, for the user of the services only."""
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o400)
        fresh.write_text(text, encoding="utf-8")
        os.chown(fresh, _USER, _USER)
        fresh.replace(path)


def main() -> int:
    """Print what is wrong, one line each, or that all is well."""
    problems = Preparation().run()
    if problems:
        sys.stderr.write("Veerkracht does not start:\n" + "".join(f"  {problem}\n" for problem in problems))
        return 1
    sys.stdout.write("secrets and settings are in order\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
