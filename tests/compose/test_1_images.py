"""Each image: one service and shared, small, without rights and without tools."""

import json
from pathlib import Path
from typing import Any

import pytest

from .conftest import tell
from .engine import SERVICES, Failed, run

pytestmark = pytest.mark.timeout(900)
MEGABYTE = 1_000_000


def image(name: str) -> str:
    return f"veerkracht/{name}:0.1.0"


def inside(name: str, *command: str) -> str:
    """Run something else than the service in its image, with what Compose takes away taken away."""
    limits = ["--rm", "--read-only", "--cap-drop", "ALL", "--network", "none", "--tmpfs", "/tmp"]  # noqa: S108
    return run(["docker", "run", *limits, "--entrypoint", command[0], image(name), *command[1:]])


def inspected(name: str) -> Any:
    return json.loads(run(["docker", "image", "inspect", image(name)]))[0]


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("name", [*SERVICES, "tools"])
def test_an_image_is_small_and_runs_as_nobody_in_particular(name: str) -> None:
    seen = inspected(name)
    tell("images", name, f"{seen['Size'] / MEGABYTE:.0f} MB", f"user {seen['Config']['User']}")
    assert seen["Size"] < 250 * MEGABYTE
    assert seen["Config"]["User"] == "10001:10001"
    assert seen["Config"]["Entrypoint"][:2] == ["python", "-m"], "exec form: TERM reaches Python"


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("name", SERVICES)
def test_an_image_holds_its_service_and_shared_only(name: str) -> None:
    folders = inside(name, "find", "/app", "-mindepth", "1", "-maxdepth", "2", "-type", "d").split()
    ours = {folder for folder in folders if folder.startswith("/app/services/")}
    assert ours == {f"/app/services/{name}"}
    assert {Path(folder).parts[2] for folder in folders} == {"services", "shared"}
    other = next(service for service in SERVICES if service != name)
    with pytest.raises(Failed, match=f"No module named 'services.{other}'"):
        inside(name, "python", "-c", f"import services.{other}")


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("name", [*SERVICES, "tools"])
def test_an_image_has_no_compiler_no_cache_and_only_what_the_lock_names(name: str, built: Path) -> None:
    found = inside(name, "sh", "-c", "command -v gcc cc g++ clang make; ls -d /root/.cache /tmp/* 2>/dev/null; true")
    assert found == ""
    with pytest.raises(Failed, match="No module named pip"):
        inside(name, "python", "-m", "pip")
    listed = inside(
        name, "python", "-c", "import importlib.metadata as m; print(*(d.name.lower() for d in m.distributions()))"
    )
    lock = (built / "requirements.lock").read_text("utf-8")
    locked = {line.partition("==")[0].lower() for line in lock.splitlines() if "==" in line and line[0].isalnum()}
    assert {n.replace("_", "-").replace(".", "-") for n in listed.split()} <= {n.replace(".", "-") for n in locked}


@pytest.mark.usefixtures("built")
def test_the_root_file_system_cannot_be_written() -> None:
    with pytest.raises(Failed, match="Read-only file system"):
        inside("monitor", "sh", "-c", "echo x > /app/x")
