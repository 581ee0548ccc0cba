"""Every service's relay in one process: `python -m deploy.local.relays`. In Compose each is its own container."""

import sys

import uvloop

from shared import log
from shared.relay import serve
from shared.settings import Settings, SettingsError

from . import SERVICES


def main() -> int:
    """Run until TERM or INT."""
    try:
        settings = Settings.load()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    log.configure(settings.log_level)
    uvloop.run(serve(SERVICES, settings))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
