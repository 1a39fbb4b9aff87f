"""How many rows wait between PostgreSQL and the topic, and whether capture is stuck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from contract.health.details.slot import SlotDetails
from contract.health.details.topic import TopicDetails
from contract.health.result import ProbeResult, details_of
from contract.health.state import ProbeState
from contract.kafka.capture import Progress

# Debezium's heartbeat comes every 10 s and is confirmed within 5 s.
STUCK_S = 20.0

# Probes whose failure does not keep messages from the topic.
DOWNSTREAM = ("topic", "spark", "cassandra", "driver", "lag")

# If the slot's reader has fewer bytes than this unconfirmed, every committed row is on the topic.
CAUGHT_UP_BYTES = 1 << 16


class CaptureBacklog:
    """Counts waiting rows: changes of each table that PostgreSQL counted since the last moment when
    all of them were on its topic, minus the messages that came to the topic since then."""

    def __init__(self) -> None:
        self._differences: dict[str, int] = {}
        self._progress = Progress()

    def waiting(self, results: Sequence[ProbeResult]) -> int | None:
        """The number of waiting rows of all tables. None before the first such moment, while
        PostgreSQL or Kafka does not answer, and while changes are not published, because those are
        lost."""
        slot, topic = details_of(results, SlotDetails), details_of(results, TopicDetails)
        if slot is None or not slot.exists or topic is None or slot.unpublished:
            return None
        differences = {
            name: changes - topic.tables[name].messages
            for name, changes in slot.changes.items()
            if name in topic.tables
        }
        if slot.active and (slot.unconfirmed_bytes or 0) < CAUGHT_UP_BYTES:
            self._differences = differences
        known = self._differences.keys() & differences.keys()
        if not known:
            return None
        return sum(max(0, differences[name] - self._differences[name]) for name in known)

    def fail_if_stuck(self, results: list[ProbeResult], now: float) -> list[ProbeResult]:
        """The results. The slot's result becomes a failure if the slot has a reader, but for
        STUCK_S neither the confirmed LSN advances nor the topic grows: a task stays RUNNING
        although its producer has died or the topic refuses its messages."""
        slot, topic = details_of(results, SlotDetails), details_of(results, TopicDetails)
        failed = [result.name for result in results if result.state is ProbeState.FAIL]
        if (
            slot is None
            or not slot.active
            or not slot.confirmed_flush_lsn
            or topic is None
            or any(name not in DOWNSTREAM for name in failed)
        ):
            self._progress.reset()
            return results
        stuck_s = self._progress.stuck_s(slot.confirmed_flush_lsn, topic.messages, now)
        if stuck_s < STUCK_S:
            return results
        summary = (
            f"Connect has sent nothing to Kafka for {stuck_s:.0f} s although its task is RUNNING: "
            "make logs S=connect shows the cause; the task is restarted within 2 minutes"
        )
        return [
            replace(result, state=ProbeState.FAIL, summary=summary, component="connect")
            if result.name == "slot"
            else result
            for result in results
        ]
