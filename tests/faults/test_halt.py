"""If nearly all messages fail, the stream halts loudly and loses nothing; it continues later."""

from __future__ import annotations

import time

import pytest

from tests.harness.kafka import DEAD_LETTERS, ends, produce_many
from tests.harness.platform import Platform
from tests.harness.schemas import UnknownSchema
from tests.harness.wait import eventually

COUNT = 3_000


@pytest.mark.timeout(900)
def test_a_flood_of_dead_letters_halts_the_stream(platform: Platform) -> None:
    platform.await_run(platform.ingest(10))
    platform.assert_status_ok()
    unknown = UnknownSchema(platform)
    id_ = unknown.key[-36:].decode()
    before = sum(ends(platform, DEAD_LETTERS).values())
    began = time.monotonic()
    produce_many(platform, [unknown.message_of(id_) for _ in range(COUNT)])

    def halted() -> str | None:
        summary = str(platform.control_center("GET", "/api/probes/driver")["summary"])
        return summary if "users halted" in summary else None

    summary = eventually(halted, "the driver has halted", 60)
    print(f"\nhalted {time.monotonic() - began:.0f} s after the flood began")
    assert f"unknown schema id {unknown.id}" in summary
    assert "make deploy-dags" in summary
    dead_letters = sum(ends(platform, DEAD_LETTERS).values()) - before
    assert dead_letters < 1_000

    unknown.become_known()
    platform.assert_status_ok()
    assert sum(ends(platform, DEAD_LETTERS).values()) - before == dead_letters
    platform.job("repair")
    platform.assert_equal_everywhere()
