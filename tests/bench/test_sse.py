"""The benchmark of the streams, small: it counts and checks what it says it does."""

import pytest

from deploy.bench.sse import OURS, Load, measure
from deploy.bench.subscribers import frames_in


@pytest.mark.real
async def test_every_subscriber_gets_every_event_and_the_frames_of_the_table() -> None:
    loads = [Load("one", 1, 3), Load("many", 30, 2)]
    found = await measure([OURS], loads, number=20, rounds=1)
    assert {load: [each.deliveries for each in them] for (_, load), them in found.items()} == {
        "one": [60],
        "many": [1200],
    }


@pytest.mark.parametrize(
    ("body", "frames"),
    [
        (b"", b""),
        (b"e\r\nid: 1\ndata: a\n\r\n1\r\n\n\r\n", b"id: 1\ndata: a\n\n"),
        (b"4\r\n: \n\n\r\n", b""),
    ],
)
def test_frames_are_read_across_chunks_and_comments_are_not_counted(body: bytes, frames: bytes) -> None:
    assert frames_in(body) == frames
