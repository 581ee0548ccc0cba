"""Seen by a controller: a file and dialogues become figures on a map, explained, frozen, and what changed is told."""

import pytest

from deploy.local.stack import Stack

from . import monitor_steps as then
from .monitor_client import PATIENCE, record
from .platform import Json, Platform, until


@pytest.mark.timeout(900)
async def test_from_file_and_dialogue_to_map_explanation_edition_and_difference(
    platform: Platform, stack: Stack
) -> None:
    await then.define(platform)
    story = then.Story(platform, stack)
    await then.a_file_with_one_wrong_row_is_refused_whole_with_the_place(story)
    await then.a_right_file_is_public_and_gives_the_map_as_it_was_and_in_a_later_division(story)
    await then.dialogues_too_small_wait_until_enough_people_are_together(story)
    await then.figures_are_explained_by_lines_that_add_up_and_events_that_anyone_can_look_up(story)
    await then.an_edition_is_frozen_and_then_everything_changes(story)
    await then.the_difference_of_two_editions_names_the_events_that_caused_it(story)
    await then.goals_are_judged_again_and_the_feeds_tell_all_of_it(story)
    await then.a_reader_sees_the_same_on_the_pages(story)


@pytest.mark.timeout(300)
async def test_what_is_paid_is_divided_by_what_it_brought(platform: Platform) -> None:
    costs = "/monitor/v1/impact/initiatives/dorpsmolen/costs"
    commitment: Json = {
        "id": "toezegging-dorpsmolen",
        "period": "2017",
        "amountCents": 1_000_000,
        "recipient": "pon",
        "initiative": "dorpsmolen",
        "madeOn": "2017-03-01",
    }
    line = "/finance/v1/budget-lines/lerend-netwerk/commitments"
    assert (await platform.post("finance", line, commitment)).status_code == 201
    paid: Json = {"id": "betaling-dorpsmolen", "amountCents": 300_002, "paidOn": "2017-04-01"}
    payments = "/finance/v1/commitments/toezegging-dorpsmolen/disbursements"
    assert (await platform.post("finance", payments, paid)).status_code == 201

    async def read() -> dict[str, object]:
        found: dict[str, object] = (await platform.client.get(costs)).json()
        return found

    found = await until(read, lambda found: found["disbursedCents"] == 300_002, PATIENCE)
    assert found["costPerRecorded"] == {"cents": None, "unknown": "er is nog geen uitkomst vastgelegd"}
    outcome: Json = {
        "id": "dorpsmolen-open",
        "initiative": "dorpsmolen",
        "statement": "Vier verenigingen delen het gebouw",
        "counts": "things",
        "count": 4,
        "evidence": "Jaarverslag van de stichting",
        "on": "2018-01-31",
    }
    await record(platform, "/monitor/v1/outcomes", outcome)
    found = await read()
    assert found["costPerRecorded"] == {"cents": 75_000, "unknown": None}, "half a cent to even"
