"""On the real stack: a worker that cannot start turns the health of its service red by name, and no proxy away."""

from deploy.local.stack import Stack

from .platform import Platform, until

WORKER = "feeds-stream"


async def health(platform: Platform, service: str = "feeds") -> tuple[int, list[str]]:
    answer = await platform.client.get(f"/{service}/health")
    return answer.status_code, answer.json()["problems"]


async def test_a_worker_that_keeps_ending_turns_health_red_and_healed_it_is_green_again(
    stack: Stack, platform: Platform
) -> None:
    processes = stack.processes
    await until(lambda: health(platform), lambda found: found == (200, []), 90)
    await processes.halt(WORKER)
    before = processes.restarts(WORKER)
    try:
        processes.resume(WORKER, VEERKRACHT_BATCH_SIZE="veel")

        async def ended() -> int:
            return processes.restarts(WORKER) - before

        await until(ended, lambda times: times >= 1, 60)
        _, (problem, *others) = await until(lambda: health(platform), lambda found: found[0] == 503, 30)
        assert (problem.partition(":")[0], others) == (WORKER, [])
        assert (await platform.client.get("/feeds/readyz")).status_code == 200
        assert await health(platform, "monitor") == (200, [])
    finally:
        await processes.halt(WORKER)
        processes.resume(WORKER, VEERKRACHT_BATCH_SIZE="10000")
    await until(lambda: health(platform), lambda found: found == (200, []), 60)
