"""How many rows wait between PostgreSQL and the topic, and whether capture is stuck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from contract.health.details.connect import ConnectDetails
from contract.health.details.slot import SlotDetails
from contract.health.details.topic import TopicDetails
from contract.health.result import ProbeResult, details_of
from contract.health.state import ProbeState
from contract.kafka.capture import Progress

# Debezium's heartbeat comes every 10 s and is confirmed within 5 s.
STUCK_S = 20.0

# Probes whose failure does not keep messages from the topic.
DOWNSTREAM = ("topic", "spark", "cassandra", "driver", "lag")

# Probes of what only Riada's own database needs to send messages.
OF_OWN = ("source", "postgres", "airflow", "ingest", "capture")

# If the slot's reader has fewer bytes than this unconfirmed, every committed row is on the topic.
CAUGHT_UP_BYTES = 1 << 16


class CaptureBacklog:
    """Counts waiting rows: changes of each table that PostgreSQL counted since the last moment when
    all of them were on its topic, minus the messages that came to the topic since then."""

    def __init__(self) -> None:
        self._differences: dict[str, int] = {}
        self._progress: dict[str, Progress] = {}

    def waiting(self, results: Sequence[ProbeResult]) -> int | None:
        """The number of waiting rows of all tables. None before the first such moment, while
        PostgreSQL or Kafka does not answer, and while changes are not published, because those are
        lost."""
        slot, topic = details_of(results, SlotDetails), details_of(results, TopicDetails)
        if slot is None or not slot.exists or topic is None or slot.unpublished:
            return None
        differences = {
            name: changes - topic.tables[name].messages
            for name, changes in slot.all_changes.items()
            if name in topic.tables
        }
        for each in slot.every.values():
            if each.active and (each.unconfirmed_bytes or 0) < CAUGHT_UP_BYTES:
                known_now = {
                    name: differences[name] for name in each.changes if name in differences
                }
                self._differences |= known_now
        known = self._differences.keys() & differences.keys()
        if not known:
            return None
        return sum(max(0, differences[name] - self._differences[name]) for name in known)

    def fail_if_stuck(self, results: list[ProbeResult], now: float) -> list[ProbeResult]:
        """The results. The slot's result becomes a failure if a slot has a reader, but for STUCK_S
        neither its confirmed LSN advances nor the topics of its tables grow: a task stays RUNNING
        although its producer has died or a topic refuses its messages."""
        slots, topic = details_of(results, SlotDetails), details_of(results, TopicDetails)
        if slots is None:
            self._progress.clear()
            return results
        for database, slot in slots.every.items():
            progress = self._progress.setdefault(database, Progress())
            if (
                not slot.active
                or not slot.confirmed_flush_lsn
                or topic is None
                or is_blocked(results, database)
            ):
                progress.reset()
                continue
            messages = _messages(topic, slots, database)
            stuck_s = progress.stuck_s(slot.confirmed_flush_lsn, messages, now)
            if stuck_s >= STUCK_S:
                results = _stuck(results, database, stuck_s)
        return results


def is_blocked(results: Sequence[ProbeResult], database: str) -> bool:
    """Does a failure that is known keep this database's messages from the topics?"""
    for result in results:
        if result.state is not ProbeState.FAIL or result.name in DOWNSTREAM:
            continue
        if result.name == "databases" or (database and result.name in OF_OWN):
            continue
        details = result.details
        if isinstance(details, ConnectDetails):
            connector = details.every.get(database)
            if connector is not None and connector.runs:
                continue
        if isinstance(details, SlotDetails) and (database or _is_of_others(details)):
            continue
        return True
    return False


def _is_of_others(slot: SlotDetails) -> bool:
    """Does the failure concern the slot of another database alone?"""
    return slot.is_read and any(not other.is_read for other in slot.databases.values())


def _messages(topic: TopicDetails, slots: SlotDetails, database: str) -> int:
    """The number of messages that ever arrived on the topics of this database's tables."""
    if database:
        names = slots.databases[database].changes.keys()
        return sum(topic.tables[name].messages for name in names if name in topic.tables)
    others = (_messages(topic, slots, name) for name in slots.databases)
    return topic.messages - sum(others)


def _stuck(results: Sequence[ProbeResult], database: str, stuck_s: float) -> list[ProbeResult]:
    summary = (
        f"{f'{database}: ' if database else ''}Connect has sent nothing to Kafka for "
        f"{stuck_s:.0f} s although its task is RUNNING: make logs S=connect shows the cause; the "
        "task is restarted within 2 minutes"
    )
    return [
        replace(result, state=ProbeState.FAIL, summary=summary, component="connect")
        if result.name == "slot" and (result.state is not ProbeState.FAIL or not database)
        else result
        for result in results
    ]
