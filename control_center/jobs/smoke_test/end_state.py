"""The state of the platform after all rows have arrived: lag, registry, connector, slot,
driver."""

from __future__ import annotations

import time

from contract.health.details.slot import SlotDetails
from contract.health.diagnosis import Diagnosis
from contract.health.result import ProbeResult, details_of
from contract.health.state import ProbeState
from contract.kafka.topics import events
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.health.runner import Runner
from control_center.jobs import job_protocol
from control_center.jobs.smoke_test.checks import Checks
from control_center.jobs.smoke_test.follow import Follower
from control_center.pipeline import batches

SLOT_LIMIT = 256 << 20  # bytes of WAL that the slot may retain once everything is delivered
SLOT_TIMEOUT_S = 30.0
PROBES = ("schema-registry", "connect", "slot", "topic", "driver")


class EndState:
    """Raises CheckFailedError at the first check that fails, or UnreachableError."""

    def __init__(
        self, clients: Clients, table: Table, checks: Checks, runner: Runner, follower: Follower
    ) -> None:
        self._clients, self._table, self._checks = clients, table, checks
        self._runner, self._follower = runner, follower

    def check(self) -> None:
        """Waits until every message of the topic is in a batch; then each probe has its row."""
        topic = events(self._table)
        ends = self._clients.kafka.offsets(topic.name)
        total = sum(ends.values())

        def delivered() -> int:
            batch = batches.newest(self._clients, self._table)
            waiting = batches.waiting(ends, batch.end_offsets if batch else {})
            return total - sum(waiting.values())

        self._follower.follow("lag", total, delivered, "spark-driver")
        self._checks.passed("lag", f"0 of {total:,} messages wait")
        results = {result.name: result for result in self._results()}
        for name in PROBES:
            result = results[name]
            label = f"{name}: {topic.value_subject}" if name == "schema-registry" else name
            failed = Diagnosis(name, result.component, result.summary)
            details = result.details.to_json() if result.details else {}
            self._checks.add(label, is_acceptable(result), result.summary, failed, **details)

    def _results(self) -> list[ProbeResult]:
        """The probes' results once the slot's reader has confirmed what is delivered, or after
        SLOT_TIMEOUT_S."""
        until = time.monotonic() + SLOT_TIMEOUT_S
        while True:
            results = self._runner.run()
            slots = details_of(results, SlotDetails)
            slot = slots.every.get(self._table.database) if slots else None
            retained = slot.retained_wal_bytes if slot else None
            if time.monotonic() > until or (retained is not None and retained <= SLOT_LIMIT):
                return results
            job_protocol.progress("slot: waiting until its reader confirms")
            time.sleep(2)


def is_acceptable(result: ProbeResult) -> bool:
    """Checks one probe. The topic may warn (of dead letters, for example); the slot may retain
    SLOT_LIMIT at most."""
    if result.name == "topic":
        return result.state is not ProbeState.FAIL
    slots = details_of([result], SlotDetails)
    for slot in slots.every.values() if slots else ():
        if (slot.retained_wal_bytes or 0) > SLOT_LIMIT:
            return False
    return result.state is ProbeState.OK
