"""Outside the demo nothing starts with a default or missing secret, or a wrong setting; what is wrong is named."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .engine import SERVICES, Compose, Failed, run

pytestmark = pytest.mark.timeout(600)


def public_key() -> str:
    encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return Ed25519PrivateKey.generate().public_key().public_bytes(encoding, form).decode()


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """An operator's folder, in order, readable for root only."""
    for name, text in (("postgres-password", "1f0c" * 8), ("jwt-public-key.pem", public_key())):
        (tmp_path / name).write_text(text, "utf-8")
        (tmp_path / name).chmod(0o600)
    return tmp_path


@pytest.fixture
def compose(built: Path, given: Path) -> Iterator[Compose]:
    compose = Compose("veerkracht-test-refusals", profiles=(), secrets=given, root=built)
    compose.remove()
    yield compose
    compose.remove()


def prepare(compose: Compose, *options: str) -> str:
    return compose("run", "--rm", "-T", *options, "secrets")


def test_without_secrets_nothing_starts_and_both_are_named(compose: Compose, given: Path) -> None:
    for path in given.iterdir():
        path.unlink()
    with pytest.raises(Failed, match='service "secrets" didn\'t complete successfully'):
        compose("up", "-d", "--wait")
    said = compose("logs", "--no-log-prefix", "secrets")
    assert "postgres-password: missing or empty" in said
    assert "jwt-public-key.pem: missing or empty" in said
    started = {c.service for c in compose.containers() if c.running}
    assert started <= {"kafka", "node", "prometheus", "grafana"}, "nothing of ours, and no database"


@pytest.mark.parametrize("password", ["postgres", "Veerkracht2026!", "changeme", "short"])
def test_a_default_password_is_refused(compose: Compose, given: Path, password: str) -> None:
    (given / "postgres-password").write_text(password, "utf-8")
    with pytest.raises(Failed, match=r"postgres-password: expected a password of at least 16 characters"):
        prepare(compose)


def test_a_key_that_is_no_ed25519_key_is_refused(compose: Compose, given: Path) -> None:
    (given / "jwt-public-key.pem").write_text("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "utf-8")
    with pytest.raises(Failed, match=r"jwt-public-key.pem: expected the PEM of an Ed25519 public key"):
        prepare(compose)


def test_a_wrong_setting_is_named_with_what_it_expects(compose: Compose) -> None:
    with pytest.raises(Failed, match=r"VEERKRACHT_LOG_LEVEL: .*debug\|info\|warning\|error"):
        prepare(compose, "-e", "VEERKRACHT_LOG_LEVEL=loud")


def test_a_wrong_setting_stops_the_service_itself_too(compose: Compose) -> None:
    prepare(compose)
    with pytest.raises(Failed, match=r"status 2(.|\n)*VEERKRACHT_HTTP_PORT: .*integer"):
        compose("run", "--rm", "-T", "--no-deps", "-e", "VEERKRACHT_HTTP_PORT=eighty", "monitor-api")


def test_each_service_gets_its_own_password_and_can_read_no_other(compose: Compose) -> None:
    prepare(compose)
    passwords = set()
    for service in SERVICES:
        volume = f"{compose.name}_{service}-secrets"
        mount = Path(run(["docker", "volume", "inspect", "-f", "{{.Mountpoint}}", volume]).strip())
        assert sorted(path.name for path in mount.iterdir()) == ["database-password", "jwt-public-key.pem"]
        for path in mount.iterdir():
            assert (stat.S_IMODE(path.stat().st_mode), path.stat().st_uid) == (0o400, 10001)
        passwords.add((mount / "database-password").read_text("utf-8"))
    assert len(passwords) == len(SERVICES)
    assert min(map(len, passwords)) >= 32


def test_the_demos_secrets_are_good_for_the_demo_only(compose: Compose, given: Path) -> None:
    own = {path.name: path.read_text("utf-8") for path in given.iterdir()}
    demo = Compose(compose.name, secrets=given, root=compose.root)
    demo("run", "--rm", "-T", "demo-keys")
    with pytest.raises(Failed, match=r"there are secrets of your own here"):
        prepare(demo, "--no-deps")
    for name in own:
        (given / name).unlink()
    demo("run", "--rm", "-T", "demo-keys")
    assert "in order" in prepare(demo, "--no-deps")
    with pytest.raises(Failed, match=r"jwt-public-key.pem: missing or empty"):
        prepare(demo, "--no-deps")
    mount = Path(run(["docker", "volume", "inspect", "-f", "{{.Mountpoint}}", f"{demo.name}_demo"]).strip())
    for name in own:
        (given / name).write_text((mount / name).read_text("utf-8"), "utf-8")
    with pytest.raises(Failed, match=r"jwt-public-key.pem: this is the demo's own"):
        prepare(demo, "--no-deps")


def test_the_compose_file_is_valid_without_any_preparation(built: Path) -> None:
    clean = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]}
    for files in (["docker-compose.yml"], ["docker-compose.yml", "deploy/compose.cluster.yml"]):
        flags = [flag for file in files for flag in ("-f", file)]
        run(
            ["env", "-i", *(f"{k}={v}" for k, v in clean.items()), "docker", "compose", *flags, "config", "-q"],
            cwd=built,
        )
