"""The demo's signing key and a bearer token per demo user."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from shared.http.auth import ROLES, mint

_LIFETIME = timedelta(days=30)


def ensure_key(state: Path) -> Path:
    """Make `<state>/keys/` with an Ed25519 key when missing; returns the public key's file."""
    folder = state / "keys"
    private, public = folder / "private.pem", folder / "public.pem"
    if not private.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = Ed25519PrivateKey.generate()
        public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        _write_private(private, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return public.resolve()


def mint_tokens(state: Path, now: datetime) -> dict[str, str]:
    """A token per demo user, by role, also in `<state>/tokens.json`. Minted at each start, so never expired."""
    private_pem = (state / "keys" / "private.pem").read_text(encoding="utf-8")
    tokens = {role: mint(private_pem, f"demo-{role}", (role,), now, _LIFETIME) for role in ROLES}
    _write_private(state / "tokens.json", json.dumps(tokens, indent=2).encode())
    return tokens


def _write_private(path: Path, content: bytes) -> None:
    """Never readable by others, and never half written."""
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    unfinished.rename(path)
