"""A token that was verified is kept until it expires, and is nothing else than it was."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from shared.http.auth import Principal, mint, verified_tokens
from shared.http.auth.tokens import verify

Keys = tuple[str, str]
NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)
#: Not what an issuer calls a person: it could not be stored, or two would look alike.
NOBODY = ("", " ", "a b", "a\0", "a\n", "\u202ea", "\u00e9", "e\u0301", "x" * 201)


def plainly(token: str, public_pem: str) -> Principal:
    """Verified each time."""
    return verify(token, public_pem)[0]


def outcome(read: Callable[[str, str], Principal], token: str, public_pem: str) -> object:
    try:
        return read(token, public_pem)
    except jwt.InvalidTokenError as error:
        return type(error), str(error)


@pytest.mark.twin_of("shared.http.auth.verified_tokens")
def test_a_kept_token_is_read_as_one_that_is_verified_each_time(keys: Keys) -> None:
    private, public = keys
    claims = {"iss": "veerkracht", "aud": "veerkracht", "sub": "x", "roles": ["editor"], "exp": NOW + HOUR}
    good = mint(private, "someone", ["editor", "programme", "no-role-of-ours"], NOW, HOUR)
    tokens = [
        good,
        good[:-2],
        mint(private, "someone", [], NOW, HOUR),
        mint(private, "someone", ["editor"], NOW - 2 * HOUR, HOUR),
        *(
            jwt.encode(changed, private, algorithm="EdDSA")
            for changed in (
                claims,
                {**claims, "aud": "elsewhere"},
                {**claims, "iss": "elsewhere"},
                {**claims, "roles": "editor"},
                *({**claims, "sub": subject} for subject in NOBODY),
                {name: value for name, value in claims.items() if name != "sub"},
            )
        ),
        "not.a.token",
    ]
    for _ in range(2):
        for token in tokens:
            assert outcome(verified_tokens.read_token, token, public) == outcome(plainly, token, public), token


@pytest.mark.parametrize("subject", NOBODY, ids=ascii)
def test_a_token_of_a_subject_that_cannot_be_stored_is_no_token(keys: Keys, subject: str) -> None:
    private, public = keys
    with pytest.raises(jwt.InvalidTokenError, match="sub is not"):
        verify(mint(private, subject, ["editor"], NOW, HOUR), public)
    assert verify(mint(private, "auth0|" + "x" * 194, ["editor"], NOW, HOUR), public)[0].roles == {"editor"}


def test_a_kept_token_is_verified_again_when_it_has_expired_or_under_another_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    verified: list[str] = []

    def counting(_: str, public_pem: str) -> tuple[Principal, float]:
        verified.append(public_pem)
        return Principal("someone", frozenset()), 1000.0

    monkeypatch.setattr(verified_tokens, "verify", counting)
    monkeypatch.setattr(verified_tokens, "_verified", {})
    for now, key in ((999.0, "a"), (999.9, "a"), (1000.0, "a"), (999.0, "b")):
        monkeypatch.setattr(time, "time", lambda now=now: now)
        verified_tokens.read_token("token", key)
    assert verified == ["a", "a", "b"]


def test_no_more_than_so_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verified_tokens, "_verified", {})
    monkeypatch.setattr(verified_tokens, "_KEPT", 2)
    monkeypatch.setattr(verified_tokens, "verify", lambda token, _: (Principal(token, frozenset()), 2.0**40))
    for token in "abc":
        verified_tokens.read_token(token, "key")
    assert [token for token, _ in verified_tokens._verified] == ["b", "c"]
