"""Twenty idle tables cost little more than one: CPU and memory of all containers over a minute."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.commands.bench import memory
from cli.host import docker
from contract.stream.driver_status import DriverStatus, TableState
from contract.stream.releases import STATUS
from contract.table.table import Table
from tests.harness.erase import erase
from tests.harness.platform import INGEST, Platform
from tests.harness.wait import eventually
from tests.harness.work_copy import WorkCopy

TABLES = 20
SETTLED_S = 60
MEASURED_S = 60
MOST_CORES, MOST_MIB = 0.25, 300.0
FILE = """\
key = ["id"]

[columns]
id = "int8"
value = "text null"
"""
# Nanoseconds of CPU that a container has used, in version 1 and 2 of cgroups.
CPU = """
cat /sys/fs/cgroup/cpuacct/cpuacct.usage 2>/dev/null ||
    sed -n 's/^usage_usec \\(.*\\)/\\1000/p' /sys/fs/cgroup/cpu.stat
"""


class Cost:
    """`cores` and `mib` of each container."""

    def __init__(self, platform: Platform) -> None:
        project = platform.installation.project
        before, began = _cpu_s(project), time.monotonic()
        time.sleep(MEASURED_S)
        used, took = _cpu_s(project), time.monotonic() - began
        self.cores = {name: (used[name] - before[name]) / took for name in before}
        self.mib = memory(project)

    def more_than(self, other: Cost) -> tuple[float, float]:
        """Cores and MiB, after a line for each container that differs."""
        for name in sorted(self.cores):
            cores, mib = self.cores[name] - other.cores[name], self.mib[name] - other.mib[name]
            if abs(cores) > 0.005 or abs(mib) > 5:
                print(f"{name}: {cores:+.3f} cores, {mib:+.0f} MiB")
        return (
            sum(self.cores.values()) - sum(other.cores.values()),
            sum(self.mib.values()) - sum(other.mib.values()),
        )


def _cpu_s(project: str) -> dict[str, float]:
    """Container → seconds of CPU."""
    names = docker.named("container", project)
    return {name: int(docker.ask("exec", name, "sh", "-c", CPU)) / 1e9 for name in names}


@pytest.fixture
def quiet(platform: Platform) -> Iterator[None]:
    """Nothing is fetched."""
    platform.pause(INGEST, True)
    platform.end_runs(INGEST)
    yield
    platform.pause(INGEST, False)


@pytest.mark.timeout(1800)
def test_idle_tables_cost_little(platform: Platform, quiet: None, tmp_path: Path) -> None:
    copy = WorkCopy(platform, tmp_path / "riada")
    _deploy(platform, copy, 1)
    single = Cost(platform)
    tables = _deploy(platform, copy, TABLES)
    many = Cost(platform)
    print(f"\n{TABLES} tables, in comparison with one:")
    cores, mib = many.more_than(single)
    print(f"all: {cores:+.2f} cores, {mib:+.0f} MiB")
    copy.remove(*(table.name for table in tables))
    for table in tables:
        erase(platform, table)
    platform.assert_status_ok()
    assert cores <= MOST_CORES
    assert mib <= MOST_MIB


def _deploy(platform: Platform, copy: WorkCopy, count: int) -> list[Table]:
    tables = [copy.put(f"idle_{number}", FILE) for number in range(count)]
    copy.deploy()
    eventually(lambda: _running(platform) > count, f"the queries of {count} tables", 300)
    platform.assert_status_ok()
    time.sleep(SETTLED_S)
    return tables


def _running(platform: Platform) -> int:
    """The number of tables whose query runs; users is one of them."""
    status = DriverStatus.from_json(
        platform.run_in("control-center", "cat", f"/artifacts/{STATUS}")
    )
    return sum(table.state is TableState.RUNNING for table in status.tables.values())
