"""The scenarios of `make faults`, by their number."""

from .note import Scenario
from .parts.another_log import older_kafka, topics_made_again
from .parts.commands import commands_of_every_kind, made_up_input
from .parts.processes import (
    a_zombie_wakes_up,
    health_turns_red,
    kill_at_random_moments,
    term_in_a_batch,
    workers_come_and_go,
)
from .parts.servers import postgres_fails, the_broker_fails, the_disk_is_full
from .parts.the_log import duplicates_and_disorder, kafka_forgets, the_relay_dies_before_marking
from .poison import poison

SCENARIOS: dict[int, tuple[str, Scenario]] = {
    1: ("kill -9 at random moments", kill_at_random_moments),
    2: ("workers come and go", workers_come_and_go),
    3: ("a zombie wakes up", a_zombie_wakes_up),
    4: ("Postgres fails", postgres_fails),
    5: ("the broker fails", the_broker_fails),
    6: ("the relay dies before marking", the_relay_dies_before_marking),
    7: ("duplicates, disorder, long transactions", duplicates_and_disorder),
    8: ("poison", poison),
    9: ("Kafka forgets", kafka_forgets),
    10: ("health turns red", health_turns_red),
    11: ("TERM in a batch", term_in_a_batch),
    12: ("the disk is full", the_disk_is_full),
    13: ("commands of every kind", commands_of_every_kind),
    14: ("made-up input", made_up_input),
    15: ("topics made again", topics_made_again),
    16: ("an older Kafka", older_kafka),
}
