"""Faults at random, one after the other, for MINUTES: all rows are equal at the end, and memory and
disk of every container level off."""

from __future__ import annotations

import random
import time
from datetime import datetime, timezone

import pytest

from tests.faults.checker.check import check
from tests.faults.checker.markers import WINDOW
from tests.faults.conftest import all_faults
from tests.faults.exercise import Exercise
from tests.faults.nemesis.catalogue import chosen
from tests.faults.nemesis.fault import Promise
from tests.faults.nemesis.journal import cleaned, injected
from tests.faults.result import Result
from tests.harness.settings import FAULT, MINUTES, SEED
from tests.harness.slopes import sampled

# Seconds between the recovery from a fault and the next one.
PAUSE_S = (2, 20)


@pytest.mark.skipif(not MINUTES, reason="MINUTES=30 make faults runs it")
@pytest.mark.timeout(MINUTES * 60 + 3600)
def test_random_faults(exercise: Exercise, results: list[Result]) -> None:
    platform, workload = exercise.platform, exercise.workload
    platform.assert_status_ok()
    faults = [fault for fault in all_faults() if fault.promise is Promise.RECOVERS]
    if FAULT:
        faults = chosen(faults, FAULT)
    faults = [fault for fault in faults if not fault.unsupported(platform)]
    chance = random.Random(f"{SEED} faults")
    began, longest, count = time.monotonic(), 0.0, 0
    print(f"\nSEED={SEED} MINUTES={MINUTES:g}: {len(faults)} faults", flush=True)
    with sampled(platform) as samples:
        while time.monotonic() - began < MINUTES * 60:
            fault = chance.choice(faults)
            with injected(platform, fault):
                time.sleep(fault.hold_s)
            ended = time.monotonic()
            exercise.await_recovered(workload.status.steps + WINDOW)
            recovery, count = time.monotonic() - ended, count + 1
            longest = max(longest, recovery)
            at = (time.monotonic() - began) / 60
            print(f"{at:.1f} min: {fault.name}, recovery {recovery:.0f} s", flush=True)
            fault.after(platform)
            cleaned(platform, fault)
            time.sleep(chance.uniform(*PAUSE_S))
        platform.await_healthy()
        platform.assert_status_ok()
        verdict = check(platform, workload, exercise.table)
    changes = workload.status.changes
    print(f"{count} faults, {changes:,} rows written, longest recovery {longest:.0f} s")
    print(samples.table(), flush=True)
    results.append(
        Result(
            name=f"random:{MINUTES:g}-minutes",
            promise=Promise.RECOVERS.value,
            recovery_s=longest,
            rows=changes,
            lost=verdict.lost,
            wrong=verdict.wrong,
            failure="; ".join(verdict.lines[:5]),
            on=datetime.now(timezone.utc).date().isoformat(),
        )
    )
    assert verdict.is_clean, verdict.lines[:20]
