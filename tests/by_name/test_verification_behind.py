"""How far behind is the verification of 300,000 rows while 200 rows a second arrive, and what share
of a core does it take? ROWS, RATE and MINUTES change the numbers.

It prints a line a minute, and the largest and the mean values. The share of the process is its CPU;
the share with the engines is its working time, which its setting bounds."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from statistics import mean

import pytest

from contract.health.details.verification import TableVerification
from contract.stores.postgres import table as postgres
from contract.stores.quoting import quoted
from tests.harness.load import rows_written
from tests.harness.platform import Platform
from tests.harness.tables import USERS
from tests.harness.wait import eventually

ROWS = int(os.environ.get("ROWS", "300000"))
RATE = int(os.environ.get("RATE", "200"))
MINUTES = int(os.environ.get("MINUTES", "20"))
FILL_LIMIT_S = 3600
SAMPLE_S = 5.0
# CPU of the process, in ticks of the clock: user and system, by field of /proc/PID/stat.
CPU = """
for file in /proc/[0-9]*; do
    if tr '\\0' ' ' <$file/cmdline 2>/dev/null | grep -q 'm control_center.jobs.verification'; then
        cut -d' ' -f14,15 <$file/stat
    fi
done
getconf CLK_TCK
"""


@dataclass(frozen=True)
class Sample:
    at: float
    behind_s: float
    cpu_s: float
    report: TableVerification


@pytest.mark.timeout(FILL_LIMIT_S + MINUTES * 60 + 1800)
def test_how_far_behind_verification_is(platform: Platform) -> None:
    platform.await_run(platform.ingest(10))
    fill(platform, ROWS - platform.count())
    filled = time.time()
    eventually(
        lambda: (verification(platform).through or 0.0) > filled,
        "all rows are verified",
        FILL_LIMIT_S,
        pause_s=5,
    )
    print(f"\n{ROWS:,} rows verified {time.time() - filled:.0f} s after the last was added")
    samples: list[Sample] = []
    with rows_written(platform, RATE):
        time.sleep(60)
        until = time.monotonic() + MINUTES * 60
        while time.monotonic() < until:
            report = verification(platform)
            samples.append(Sample(time.time(), behind_s(report), cpu_s(platform), report))
            if len(samples) % int(60 / SAMPLE_S) == 1:
                print(line(samples[max(0, len(samples) - 13)], samples[-1]), flush=True)
            time.sleep(SAMPLE_S)
    first, last = samples[0], samples[-1]
    behind = [sample.behind_s for sample in samples]
    print(f"{MINUTES} min, {RATE} rows/s, {last.report.rows_checked:,} rows and keys compared")
    print(f"verified through: {max(behind):.0f} s behind at most, {mean(behind):.0f} s on average")
    print(f"share of a core: {share(first, last)}")
    print(f"last complete pass over PostgreSQL's rows: {last.report.pass_s or 0:.0f} s")
    assert last.report.differences == 0, last.report.first
    eventually(
        lambda: (verification(platform).through or 0.0) > last.at,
        "every written row is verified",
        FILL_LIMIT_S,
    )


def line(before: Sample, after: Sample) -> str:
    return (
        f"{time.strftime('%H:%M:%S', time.gmtime(after.at))}  {after.behind_s:4.0f} s behind, "
        f"{share(before, after)}, {after.report.in_flight} in flight, "
        f"{after.report.passed:.0%} of the pass"
    )


def share(before: Sample, after: Sample) -> str:
    seconds = max(1.0, after.at - before.at)
    busy = after.report.busy_s - before.report.busy_s
    return (
        f"{(after.cpu_s - before.cpu_s) / seconds:.3f} of the process, "
        f"{busy / seconds:.3f} with the engines"
    )


def cpu_s(platform: Platform) -> float:
    *times, ticks = platform.exec_in("control-center", "sh", "-c", CPU).stdout.split()
    return sum(map(int, times)) / int(ticks)


def behind_s(report: TableVerification) -> float:
    return time.time() - (report.through or 0.0)


def verification(platform: Platform) -> TableVerification:
    result = platform.control_center("GET", "/api/probes/verification")
    tables = (result["details"] or {}).get("tables", {})
    return TableVerification.from_json(tables.get(USERS.name, {"at": 0.0, "began_at": 0.0}))


def fill(platform: Platform, count: int) -> None:
    """Add copies of some rows with keys of their own, 10,000 in a transaction."""
    columns = ", ".join(quoted(column.name) for column in USERS.values)
    users = postgres.qualified(USERS)
    for start in range(0, count, 10_000):
        platform.sql(
            f"INSERT INTO {users} (id, {columns}) SELECT gen_random_uuid(), {columns}"
            f" FROM (SELECT * FROM {users} LIMIT 1) AS one, generate_series(1, %s)",
            [min(10_000, count - start)],
        )
