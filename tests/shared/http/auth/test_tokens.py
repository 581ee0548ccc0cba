"""A token is held to its signature and its expiry, by whatever our clock says of when it was issued."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest

from shared.http.auth import mint
from shared.http.auth.tokens import verify

HOUR = timedelta(hours=1)


def test_an_api_that_is_an_hour_behind_takes_a_token_that_was_just_issued(keys: tuple[str, str]) -> None:
    private, public = keys
    ahead_of_us = datetime.now(UTC) + HOUR
    token = mint(private, "someone", ["editor"], ahead_of_us, HOUR)
    # Control: as the library has it by itself.
    with pytest.raises(jwt.ImmatureSignatureError):
        jwt.decode(token, public, algorithms=["EdDSA"], audience="veerkracht", issuer="veerkracht")
    assert verify(token, public)[0].subject == "someone"


def test_a_token_that_has_expired_is_refused(keys: tuple[str, str]) -> None:
    private, public = keys
    token = mint(private, "someone", ["editor"], datetime.now(UTC) - 2 * HOUR, HOUR)
    with pytest.raises(jwt.ExpiredSignatureError):
        verify(token, public)
