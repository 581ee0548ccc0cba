"""Every service's relay in one process: `python -m deploy.local.relays`. In Compose each is its own container."""

import sys

import uvloop

from shared.observability import logs
from shared.outbox.relay import serve
from shared.runtime.settings import Settings, SettingsError

from . import SERVICES


def main() -> int:
    """Run until TERM or INT."""
    try:
        settings = Settings.load()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    logs.configure(settings.log_level)
    uvloop.run(serve(SERVICES, settings))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
