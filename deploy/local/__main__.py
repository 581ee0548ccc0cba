"""`python -m deploy.local up | down | status`: the embedded stack from the command line."""

import asyncio
import contextlib
import logging
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import httpx2
import typer

from shared.database.migration import MigrationError
from shared.processes.topics import TopicError

from . import ROOT, SERVICES, session
from .processes import ProcessError, tail
from .stack import Stack, StackError

State = Annotated[Path, typer.Option(help="folder that keeps the data", file_okay=False)]
_STATE = ROOT / ".local" / "demo"
_WELL = "healthy"
_FAILURES = (StackError, ProcessError, MigrationError, TopicError)

cli = typer.Typer(no_args_is_help=True, add_completion=False, help="The embedded stack of Veerkracht.")


def say(line: str) -> None:
    """Print a progress line; a terminal that was closed must not disturb stopping."""
    with contextlib.suppress(OSError):
        print(line, flush=True)


@cli.command()
def up(
    port: Annotated[int, typer.Option(help="port of the web address", min=1, max=65535)] = 8080,
    state: State = _STATE,
    detach: Annotated[bool, typer.Option("--detach", help="return when everything is ready")] = False,
    programme: Annotated[bool, typer.Option(help="load the programme")] = True,
) -> None:
    """Start everything; Ctrl-C stops everything."""
    if found := session.running(state):
        say(f"already running at {found.url}" if found.url else f"already starting, as process {found.pid}")
        raise typer.Exit(0 if found.url else 1)
    if detach:
        options = ["--port", str(port), "--state", str(state), "--programme" if programme else "--no-programme"]
        raise typer.Exit(_detached(state, options))
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    raise typer.Exit(asyncio.run(_attached(Stack(state, port, say=say, programme=programme), state)))


async def _attached(stack: Stack, state: Path) -> int:
    signalled = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, signalled.set)
    stop = asyncio.create_task(signalled.wait())
    serve = asyncio.create_task(_serve(stack, state))
    await asyncio.wait({stop, serve}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if not serve.done():
        say("stopping")
        serve.cancel()
    try:
        await serve
    except asyncio.CancelledError:
        say("stopped")
        return 0
    except session.AlreadyRunning as error:
        say(str(error))
    except _FAILURES as error:
        say(f"failed: {error}")
    return 1


async def _serve(stack: Stack, state: Path) -> None:
    """Run until cancelled. Raises StackError when Postgres or the broker ends by itself."""
    async with stack:
        say(f"\nVeerkracht is at {stack.base_url}\n\nDemo users, as bearer tokens (also in {state / 'tokens.json'}):")
        for role, token in stack.tokens.items():
            say(f"  {role:<10} {token}")
        say(f"\nLogs are in {state / 'logs'}. Ctrl-C here, or make stop, stops everything; the data stays.")
        raise StackError(await stack.broken())


def _detached(state: Path, options: list[str]) -> int:
    """Run `up` in a session of its own and pass on what it says until it is ready; returns the exit status."""
    state.mkdir(parents=True, exist_ok=True)
    log = state / "up.log"
    log.touch(mode=0o600)  # it shows tokens
    with log.open("wb") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "deploy.local", "up", *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        with log.open(encoding="utf-8") as lines:
            while True:
                # Asked before reading: what was said before it was ready, or ended, is passed on.
                found = session.running(state)
                status = child.poll()
                sys.stdout.write(lines.read())
                sys.stdout.flush()
                if found and found.pid == child.pid and found.url:
                    return 0
                if status is not None:
                    return status or 1
                time.sleep(0.05)
    except KeyboardInterrupt:
        child.terminate()
        return child.wait()


@cli.command()
def down(state: State = _STATE) -> None:
    """Stop what `up` started."""
    say("stopped" if session.stop(state) else "nothing is running")


@cli.command()
def status(state: State = _STATE) -> None:
    """Say what is running; status 1 when a process of a service is down or late."""
    found = session.running(state)
    if found is None:
        say("nothing is running")
        raise typer.Exit(1)
    if found.url is None:
        say(f"starting, as process {found.pid}: {tail(state / 'up.log', 1)}")
        raise typer.Exit(1)
    say(f"running at {found.url}, as process {found.pid}")
    answers = {service: _health(f"{found.url}/{service}/health") for service in SERVICES}
    for service, answer in answers.items():
        say(f"  {service:<12} {answer}")
    raise typer.Exit(0 if set(answers.values()) == {_WELL} else 1)


def _health(url: str) -> str:
    try:
        response = httpx2.get(url, timeout=5.0, trust_env=False)
    except httpx2.TransportError as error:
        return f"no answer: {error}"
    return _WELL if response.status_code == 200 else response.text


if __name__ == "__main__":
    cli()
