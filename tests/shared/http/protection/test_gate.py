"""Who asks too often is told so, and nobody else notices."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from shared.http import auth

from .asked import Answer, app_of, ask

TINY = {
    "limit_subject_reads": 5,
    "limit_subject_commands": 3,
    "limit_address_reads": 4,
    "limit_address_commands": 2,
    "limit_failed_tokens": 3,
}
OFF = dict.fromkeys(TINY, 0)
PAGE, POST, WRONG = "/community/v1/nothing", "/community/v1/nothing", {"Authorization": "Bearer wrong"}
Bearer = Callable[..., dict[str, str]]


async def statuses(times: int, ask_once: Callable[[], object]) -> list[int]:
    answers = []
    for _ in range(times):
        answer = await ask_once()  # type: ignore[misc]
        assert isinstance(answer, Answer)
        answers.append(answer.status)
    return answers


def token(keys: tuple[str, str], subject: str) -> dict[str, str]:
    made = auth.mint(keys[0], subject, ["community"], datetime.now(UTC), timedelta(hours=1))
    return {"Authorization": f"Bearer {made}"}


async def test_an_address_has_its_rate_and_another_address_does_not_notice() -> None:
    app = app_of("community", **TINY)
    assert await statuses(6, lambda: ask(app, "GET", PAGE)) == [404] * 4 + [429] * 2
    assert (await ask(app, "GET", PAGE, client="203.0.113.6")).status == 404
    assert await statuses(3, lambda: ask(app, "POST", POST)) == [404] * 2 + [429], "commands count apart"


async def test_control_without_limits_nobody_is_refused() -> None:
    app = app_of("community", **OFF)
    answer = await ask(app, "GET", PAGE)
    assert "ratelimit" not in answer.headers
    assert await statuses(50, lambda: ask(app, "GET", PAGE)) == [404] * 50
    assert await statuses(50, lambda: ask(app, "GET", PAGE, WRONG)) == [404] * 50


async def test_a_subject_has_its_rate_wherever_it_is_and_others_at_its_address_do_not_notice(
    keys: tuple[str, str],
) -> None:
    app = app_of("community", jwt_public_key=keys[1], **TINY)
    busy, quiet = token(keys, "busy"), token(keys, "quiet")
    assert await statuses(7, lambda: ask(app, "GET", PAGE, busy)) == [404] * 5 + [429] * 2
    assert (await ask(app, "GET", PAGE, busy, client="203.0.113.99")).status == 429
    assert (await ask(app, "GET", PAGE, quiet)).status == 404
    assert (await ask(app, "GET", PAGE)).status == 404, "who sends no token has not asked yet"
    assert (await ask(app, "POST", POST, busy)).status == 404, "commands count apart"


async def test_wrong_tokens_count_for_the_address_and_right_ones_there_are_still_heard(keys: tuple[str, str]) -> None:
    app = app_of("community", jwt_public_key=keys[1], **{**TINY, "limit_address_reads": 100})
    path = "/community/v1/dead-letters"
    assert await statuses(5, lambda: ask(app, "GET", path, WRONG)) == [401] * 3 + [429] * 2
    assert (await ask(app, "GET", PAGE, token(keys, "someone"))).status == 404
    assert (await ask(app, "GET", PAGE)).status == 404
    assert (await ask(app, "GET", path, WRONG, client="203.0.113.6")).status == 401


async def test_nobody_asks_with_two_tokens(keys: tuple[str, str]) -> None:
    app = app_of("community", jwt_public_key=keys[1], **TINY)
    right = token(keys, "busy")["Authorization"]
    for path in (PAGE, "/community/v1/dead-letters", "/community/health"):
        for second in ("x", right):
            answer = await ask(app, "GET", path, [("Authorization", right), ("Authorization", second)])
            assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json"), path
    # Control: with one it is let in.
    assert (await ask(app, "GET", PAGE, {"Authorization": right})).status == 404


async def test_what_is_left_is_told_and_a_refusal_is_a_problem_in_dutch() -> None:
    app = app_of("community", **TINY)
    first = await ask(app, "GET", PAGE)
    assert first.headers["ratelimit-policy"] == '"reads";q=4;w=60'
    assert first.headers["ratelimit"] == '"reads";r=3;t=15'
    for _ in range(3):
        await ask(app, "GET", PAGE)
    refused = await ask(app, "GET", PAGE)
    assert (refused.status, refused.headers["content-type"]) == (429, "application/problem+json")
    assert (refused.headers["retry-after"], refused.headers["cache-control"]) == ("15", "no-store")
    assert "Wacht 15 s" in refused.body.decode()
    page = await ask(app, "GET", "/netwerk", {"Accept": "text/html"})
    assert (page.status, page.headers["content-type"].partition(";")[0]) == (429, "text/html")
    assert page.headers["retry-after"] == "15"


async def test_the_operator_and_the_proxy_always_get_an_answer() -> None:
    for service in ("community", "feeds"):
        app = app_of(service, **TINY)
        for name in ("healthz", "metrics", "readyz"):
            answers = [await ask(app, "GET", f"/{service}/{name}") for _ in range(20)]
            assert 429 not in {answer.status for answer in answers}, name


async def test_an_address_behind_a_proxy_counts_as_itself() -> None:
    app = app_of("community", trusted_proxies="10.0.0.0/8", **TINY)

    def through(address: str) -> Callable[[], object]:
        return lambda: ask(app, "GET", PAGE, {"X-Forwarded-For": f"1.2.3.4, {address}"}, client="10.0.0.2")

    assert await statuses(6, through("203.0.113.5")) == [404] * 4 + [429] * 2
    assert await statuses(1, through("203.0.113.6")) == [404]
