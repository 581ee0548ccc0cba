"""Where to tell of a leak, as RFC 9116 has it."""

from datetime import UTC, datetime

import pytest

from shared.runtime.settings import Settings

from .asked import app_of, ask

PATH = "/.well-known/security.txt"


async def test_it_says_whom_to_tell_and_until_when() -> None:
    app = app_of(
        "community",
        security_contact="mailto:security@example.org,https://example.org/leak",
        security_expires=datetime(2027, 6, 1, tzinfo=UTC),
        public_url="https://example.org",
    )
    answer = await ask(app, "GET", PATH)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert answer.body.decode() == (
        "Contact: mailto:security@example.org\n"
        "Contact: https://example.org/leak\n"
        "Expires: 2027-06-01T00:00:00Z\n"
        "Preferred-Languages: nl, en\n"
        "Canonical: https://example.org/.well-known/security.txt\n"
    )


async def test_without_settings_there_is_none_and_one_without_the_other_stops_the_process() -> None:
    assert (await ask(app_of("community"), "GET", PATH)).status == 404
    with pytest.raises(ValueError, match="go together"):
        Settings(security_contact="mailto:security@example.org")
