"""A message that ends each executor that decodes it is a dead letter, and the rest flows on."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.harness.kafka import DEAD_LETTERS, TOPIC, Place, produce, records
from tests.harness.platform import Platform
from tests.harness.wait import eventually

WORKER = "spark-worker-1"
EXECUTOR = "CoarseGrainedExecutorBackend"
OPTIONS = "/etc/spark/java-opts"
LIMIT_S = 900


@pytest.fixture
def without_limits(platform: Platform) -> Iterator[None]:
    """As if Avro's limits had a hole: executors start without them."""
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
        (key, value)
        for message in records(platform, TOPIC)
        if (key := message.key()) and (value := message.value()) and value[:1] == b"\0"
    )
    place = produce(platform, key, value[:5] + bytes.fromhex("80bcc1960b"))
    began = time.monotonic()

    def reason() -> str | None:
        for message in records(platform, DEAD_LETTERS):
            own = {
                name: (text or b"").decode(errors="replace")
                for name, text in message.headers() or []
            }
            if Place(int(own["origin.partition"]), int(own["origin.offset"])) == place:
                return own["reason"]
        return None

    found = eventually(reason, "it is a dead letter", LIMIT_S, pause_s=5)
    print(f"\nlethal message: a dead letter after {time.monotonic() - began:.0f} s")
    assert found == "its decoding kills the executor"
    platform.await_run(platform.ingest(10))
    platform.assert_status_ok()
    platform.assert_equal_everywhere()
