"""Capture recovers by itself from a dropped slot and a topic that refuses; no row is missing."""

from __future__ import annotations

import pytest

from tests.harness.kafka import LARGEST, TOPIC, configure
from tests.harness.platform import Platform
from tests.harness.wait import eventually


def reader(platform: Platform) -> int | None:
    """Id of PostgreSQL's process that sends the slot to Connect's task; None without a reader."""
    slot = "SELECT active_pid FROM pg_replication_slots WHERE slot_name = 'riada'"
    process: int | None = platform.sql(slot)[0][0]
    return process


@pytest.mark.timeout(900)
def test_a_dropped_slot_is_created_again_and_every_row_sent(platform: Platform) -> None:
    platform.connector("stop")
    drop = "SELECT pg_drop_replication_slot('riada')"
    try:
        command = ("psql", "-XqAt", "-d", "people", "-c", drop)
        eventually(lambda: platform.run_in("postgres", *command), "the slot has no reader", 30)
        platform.await_run(platform.ingest(20))
        changed = "UPDATE public.users SET city = city || '!' WHERE id IN"
        platform.sql(f"{changed} (SELECT id FROM public.users LIMIT 3) RETURNING id")
    finally:
        platform.connector("resume")
    platform.assert_equal_everywhere()


@pytest.mark.timeout(900)
def test_rows_that_the_topic_refused_arrive(platform: Platform) -> None:
    """The task fails, or only its producer dies: the manager restarts the task after a minute."""
    before = reader(platform)
    configure(platform, TOPIC, "max.message.bytes", "100")
    try:
        platform.await_run(platform.ingest(5))
        eventually(lambda: reader(platform) not in (before, None), "the task reads again", 240)
    finally:
        configure(platform, TOPIC, "max.message.bytes", LARGEST)
    platform.assert_equal_everywhere()
