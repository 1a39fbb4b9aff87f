"""Replays dead letters: sends the bytes and headers of each to its original topic, once.

A replay changes no newer row, because the sink orders changes by the source's commits (invariant
3). A dead letter whose cause persists comes back as a new dead letter.

An erased row does not come back (invariant 7). A dead letter keeps the timestamp of its
message's first arrival through every replay, and is not sent once Cassandra's tombstones may be
gone. A change of a row that PostgreSQL does not hold is never sent, unless it is a delete: it could
only bring back an erased row. An old change of a row that PostgreSQL holds has no effect, as newer
commits win. No dead letter of a row that was erased is sent (`make erase`), also if a restored
PostgreSQL holds the row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from threading import Lock

from contract.kafka.offsets import TopicOffset
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.clients.replay_log import ReplayLog
from control_center.pipeline.chunks import chunks
from control_center.pipeline.dead_letter import DeadLetter
from control_center.pipeline.dead_letters import Sent
from control_center.pipeline.kafka_replay import KafkaReplayPlatform
from control_center.pipeline.replay_outcome import ReplayOutcome
from control_center.pipeline.replay_platform import ReplayPlatform

FLUSH_S = 60.0
POLL_S = 0.5
AT_ONCE = 500  # dead letters


class DeadLetterReplay:
    """Runs one replay at a time; `log` returns the offsets that earlier replays of a table have
    sent."""

    def __init__(self, log: Callable[[Table], ReplayLog]) -> None:
        self._lock = Lock()
        self._log = log

    def sent(self, table: Table) -> Sent:
        """The dead letters of the table that were replayed. Raises UnreachableError."""
        return self._log(table)

    def send(
        self, clients: Clients, table: Table, wanted: Collection[TopicOffset] | None
    ) -> ReplayOutcome:
        """Replays these dead letters of the table, or all (None), with the platform of `replay`."""
        return self.replay(table, lambda: KafkaReplayPlatform(clients, table), wanted)

    def replay(
        self,
        table: Table,
        connect: Callable[[], ReplayPlatform],
        wanted: Collection[TopicOffset] | None,
    ) -> ReplayOutcome:
        """Raises UnreachableError if Kafka or PostgreSQL does not answer; dead letters that were
        acknowledged before count as sent."""
        with self._lock:
            outcome, platform, log = ReplayOutcome(), connect(), self._log(table)
            acknowledged: list[TopicOffset] = []
            try:
                _send(platform, wanted, log, acknowledged, outcome)
            finally:
                unacknowledged = platform.flush(FLUSH_S)
                log.add(acknowledged)
            if unacknowledged:
                outcome.errors.append(
                    f"{unacknowledged} dead letters were not acknowledged within {FLUSH_S:.0f} s"
                )
            outcome.sent = len(acknowledged)
            return outcome


def _send(
    platform: ReplayPlatform,
    wanted: Collection[TopicOffset] | None,
    log: ReplayLog,
    acknowledged: list[TopicOffset],
    outcome: ReplayOutcome,
) -> None:
    for part in chunks(platform.dead_letters(wanted), AT_ONCE):
        new = [message for message in part if message.place not in log]
        outcome.sent_before += len(part) - len(new)
        dead_letters = [DeadLetter.of(message, platform.decoder) for message in new]
        held = platform.held({item.row_key for item in dead_letters if item.row_key is not None})
        erased = platform.erased()
        for dead_letter in dead_letters:
            refusal = dead_letter.refusal(held, erased, datetime.now(UTC))
            if refusal is None:
                _produce(platform, dead_letter, acknowledged, outcome)
            else:
                outcome.refuse(refusal)


def _produce(
    platform: ReplayPlatform,
    dead_letter: DeadLetter,
    acknowledged: list[TopicOffset],
    outcome: ReplayOutcome,
) -> None:
    def delivered(error: str | None) -> None:
        if error is None:
            acknowledged.append(dead_letter.place)
        else:
            outcome.fail(f"{dead_letter.place}: {error}")

    while True:
        try:
            platform.produce(dead_letter, delivered)
            break
        except BufferError:  # the brokers acknowledge more slowly than dead letters are read
            platform.poll(POLL_S)
    platform.poll(0)
