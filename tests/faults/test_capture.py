"""Connect goes on by itself after its way was barred: nobody acts, nobody is missing."""

from __future__ import annotations

import pytest

from tests.harness.kafka import LARGEST, TOPIC, configure
from tests.harness.platform import Platform
from tests.harness.wait import eventually


def reader(platform: Platform) -> int | None:
    """PostgreSQL's process that the task reads the slot from."""
    slot = "SELECT active_pid FROM pg_replication_slots WHERE slot_name = 'riada'"
    return platform.sql(slot)[0][0]


@pytest.mark.timeout(900)
def test_a_slot_that_was_dropped_is_made_anew_and_everybody_sent(platform: Platform) -> None:
    platform.connector("stop")
    drop = "SELECT pg_drop_replication_slot('riada')"
    try:
        command = ("psql", "-XqAt", "-d", "people", "-c", drop)
        eventually(lambda: platform.run_in("postgres", *command), "nobody reads the slot", 30)
        platform.await_run(platform.ingest(20))
        changed = "UPDATE public.users SET city = city || '!' WHERE id IN"
        platform.sql(f"{changed} (SELECT id FROM public.users LIMIT 3) RETURNING id")
    finally:
        platform.connector("resume")
    platform.assert_equal_everywhere()


@pytest.mark.timeout(900)
def test_people_arrive_whom_the_topic_refused(platform: Platform) -> None:
    """The task fails, or only its producer dies: then the manager restarts it after a minute."""
    before = reader(platform)
    configure(platform, TOPIC, "max.message.bytes", "100")
    try:
        platform.await_run(platform.ingest(5))
        eventually(lambda: reader(platform) not in (before, None), "the task begins again", 240)
    finally:
        configure(platform, TOPIC, "max.message.bytes", LARGEST)
    platform.assert_equal_everywhere()
