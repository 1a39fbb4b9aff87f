"""When nearly all messages fail the stream stops loudly, loses nothing, and goes on once the cause
is gone."""

from __future__ import annotations

import time

import pytest

from tests.harness.kafka import DEAD_LETTERS, Record, ends, produce_many
from tests.harness.platform import Platform
from tests.harness.schemas import UnknownSchema
from tests.harness.wait import eventually

COUNT = 3_000


@pytest.mark.timeout(900)
def test_a_flood_of_dead_letters_halts_the_stream(platform: Platform) -> None:
    platform.await_run(platform.ingest(10))
    platform.assert_status_ok()
    unknown = UnknownSchema(platform)
    person = unknown.key[-36:].decode()
    before = sum(ends(platform, DEAD_LETTERS).values())
    began = time.monotonic()
    produce_many(platform, [Record(*unknown.message_of(person)) for _ in range(COUNT)])

    def halted() -> str | None:
        found = platform.control_center("GET", "/api/probes/driver")
        return found["summary"] if "has halted" in found["summary"] else None

    said = eventually(halted, "the driver has halted", 60)
    print(f"\nhalted {time.monotonic() - began:.0f} s after the flood began")
    assert f"unknown schema id {unknown.id}" in said
    assert "make deploy-dags" in said
    letters = sum(ends(platform, DEAD_LETTERS).values()) - before
    assert letters < 1_000

    unknown.become_known()
    platform.assert_status_ok()
    assert sum(ends(platform, DEAD_LETTERS).values()) - before == letters
    platform.job("repair")
    platform.assert_equal_everywhere()
