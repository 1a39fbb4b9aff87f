"""A message that kills each executor that decodes it becomes a dead letter; the rest flows."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.harness.kafka import DEAD_LETTERS, TOPIC, produce, records
from tests.harness.platform import Platform
from tests.harness.wait import eventually

WORKER = "spark-worker-1"
EXECUTOR = "CoarseGrainedExecutorBackend"
OPTIONS = "/etc/spark/java-opts"
LIMIT_S = 900


@pytest.fixture
def without_limits(platform: Platform) -> Iterator[None]:
    """Start executors without Avro's limits, as if these had a gap."""
    platform.as_root(WORKER, "sed", "-i.kept", "/avro.limits/d", OPTIONS)
    assert platform.kill(WORKER, EXECUTOR)
    try:
        yield
    finally:
        platform.as_root(WORKER, "mv", f"{OPTIONS}.kept", OPTIONS)
        platform.kill(WORKER, EXECUTOR)


@pytest.mark.timeout(1800)
def test_lethal_message_becomes_a_dead_letter(platform: Platform, without_limits: None) -> None:
    platform.await_run(platform.ingest(10))
    key, value = next(
        (record.key, record.value)
        for record in records(platform, TOPIC)
        if record.key and record.value and record.is_avro
    )
    origin = produce(platform, key, value[:5] + bytes.fromhex("80bcc1960b"))
    began = time.monotonic()

    def reason() -> str | None:
        for record in records(platform, DEAD_LETTERS):
            if record.origin == origin:
                return record.headers["reason"]
        return None

    rejection = eventually(reason, "the message is a dead letter", LIMIT_S, pause_s=5)
    print(f"\nlethal message: a dead letter after {time.monotonic() - began:.0f} s")
    assert rejection == "its decoding kills the executor"
    platform.await_run(platform.ingest(10))
    platform.assert_status_ok()
    platform.assert_equal_everywhere()
