"""Causes one fault while rows flow, ends it, and checks what the platform promises about it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timezone

from contract.table.table import Table
from tests.faults.checker.check import check
from tests.faults.checker.markers import WINDOW, Markers
from tests.faults.nemesis.fault import Fault, Promise
from tests.faults.nemesis.journal import cleaned, injected
from tests.faults.result import Result
from tests.harness.load import rows_read
from tests.harness.platform import Platform
from tests.harness.wait import eventually
from tests.harness.work_copy import WorkCopy
from tests.harness.workload.process import Workload

# Waits end after these times. What is promised is shorter; results have what was measured.
NAMED_LIMIT_S = 300
RECOVERY_LIMIT_S = 300
REMEDY_LIMIT_S = 900
STATUS_LIMIT_S = 300


@dataclass
class Exercise:
    """`copy`: the checkout that describes the workload's table, from which remedies run.
    `is_lost`: make up and make rebuild did not make the platform ok again."""

    platform: Platform
    copy: WorkCopy
    workload: Workload
    table: Table
    has_failed: bool = False
    is_lost: bool = False

    def prepare(self) -> None:
        """A platform that is ok and delivers. What an earlier fault has left behind is repaired."""
        assert not self.is_lost, "the platform did not become ok after an earlier fault"
        try:
            assert not self.has_failed, "the fault before failed"
            self._assert_ready()
        except AssertionError as error:
            print(f"\nmake up and make rebuild, because {str(error)[:200]}", flush=True)
            self.is_lost = True
            for command in ("up", "rebuild"):
                self.copy.command(command)
            self._assert_ready()
            self.is_lost = False
        self.has_failed = False

    def _assert_ready(self) -> None:
        self.platform.assert_status_ok(STATUS_LIMIT_S)
        if "make repair" in str(self.platform.control_center("GET", "/api/status")["sentence"]):
            self._repair("make repair")  # otherwise status would name this cause, and not the next
        self.await_recovered(self.workload.status.steps)

    def run(self, fault: Fault) -> Result:
        """Never raises because of the platform: the result has the failure."""
        before = self.workload.status.changes
        measured: dict[str, float] = {}
        failure, lost, wrong = "", 0, 0
        try:
            with rows_read(self.platform) as reads:
                self._cause(fault, measured)
            measured["reads"] = reads.longest_gap_s
            verdict = check(self.platform, self.workload, self.table)
            lost, wrong = verdict.lost, verdict.wrong
            failure = "; ".join(verdict.lines[:5])
        except Exception as error:
            failure = f"{type(error).__name__}: {error}"[:2000]
        cleaned(self.platform, fault)
        self.has_failed = bool(failure)
        return Result(
            name=fault.name,
            promise=fault.promise.value,
            recovery_s=measured.get("recovery"),
            named_s=measured.get("named"),
            read_gap_s=measured.get("reads"),
            rows=self.workload.status.changes - before,
            lost=lost,
            wrong=wrong,
            failure=failure,
            on=datetime.now(timezone.utc).date().isoformat(),
        )

    def _cause(self, fault: Fault, measured: dict[str, float]) -> None:
        with injected(self.platform, fault):
            time.sleep(fault.hold_s)
        ended = time.monotonic()
        if fault.promise is Promise.HALTS:
            self._await_named(fault)
            measured["named"] = time.monotonic() - ended
            self._repair(fault.remedy)
            ended = time.monotonic()
        self.await_recovered(self.workload.status.steps + WINDOW)
        measured["recovery"] = time.monotonic() - ended
        fault.after(self.platform)
        self.platform.await_healthy()
        self.platform.assert_status_ok(STATUS_LIMIT_S)

    def await_recovered(self, step: int) -> None:
        """Wait until a step and those before it are in Cassandra, from every partition."""
        Markers(self.platform, self.table).await_steps(step, RECOVERY_LIMIT_S)

    def _await_named(self, fault: Fault) -> None:
        def named() -> bool:
            sentence = str(self.platform.control_center("GET", "/api/status")["sentence"])
            assert fault.cause in sentence and fault.remedy in sentence, sentence
            return True

        eventually(named, f"status names {fault.cause!r} and {fault.remedy}", NAMED_LIMIT_S)

    def _repair(self, command: str) -> None:
        """Run the command until it succeeds, as its errors ask for."""

        def succeeds() -> bool:
            done = self.copy.command(command.removeprefix("make "))
            assert done.returncode == 0, (done.stdout + done.stderr)[-2000:]
            return True

        eventually(succeeds, command, REMEDY_LIMIT_S, pause_s=5)
