"""The embedded stack: Postgres, Kafka and every service on one machine, behind one command."""

from pathlib import Path

#: Every service, in the order in which they are migrated and started.
SERVICES = ("initiatives", "monitor", "community", "finance", "feeds")
#: The checkout: child processes run here.
ROOT = Path(__file__).resolve().parents[2]
