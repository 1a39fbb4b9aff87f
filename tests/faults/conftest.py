"""The faults of a session, and the workload that runs beside them."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from functools import cache

import pytest

from cli.host import docker
from cli.installations.containers import kind
from cli.runners.compose import ComposeRunner
from contract.table.table import Table
from tests.faults import reliability
from tests.faults.exercise import Exercise
from tests.faults.nemesis.catalogue import catalogue, chosen
from tests.faults.nemesis.fault import Fault, Service
from tests.faults.nemesis.journal import Journal
from tests.faults.result import Result
from tests.harness.erase import erase
from tests.harness.platform import Platform
from tests.harness.settings import FAULT, RATE, SEED, own_installation
from tests.harness.superuser import execute
from tests.harness.work_copy import WorkCopy
from tests.harness.workload.process import workload
from tests.harness.workload.table import FILE, NAME, table


@cache
def services() -> tuple[Service, ...]:
    """The services of the tests' installation, from their records."""
    installation = own_installation()
    installation.save()
    runner = ComposeRunner(installation)
    assert runner.init(), "terraform -chdir=infra/compose init"
    runner.render()
    connections: dict[str, list[str]] = runner.output("connections")
    return tuple(
        Service(name, tuple(each for each in sorted(connections) if kind(each) in kinds))
        for name, kinds in sorted(connections.items())
    )


def all_faults() -> list[Fault]:
    return catalogue(services())


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each fault: those that FAULT names, or the quick ones."""
    if "fault" in metafunc.fixturenames:
        faults = all_faults()
        wanted = chosen(faults, FAULT) if FAULT else [each for each in faults if each.is_quick]
        metafunc.parametrize("fault", wanted, ids=lambda fault: fault.name)


@pytest.fixture(scope="module")
def exercise(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exercise]:
    """The workload's table is deployed, and rows flow."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # pytest ends its fixtures
    Journal.of(platform).heal(platform, all_faults())
    copy = WorkCopy(platform, tmp_path_factory.mktemp("faults") / "riada")
    made: Table = copy.put(NAME, FILE)
    copy.deploy()
    print(f"\nSEED={SEED}, {RATE:.0f} rows/s", flush=True)
    with workload(platform, SEED, RATE) as process:
        yield Exercise(platform, copy, process, made)
    if docker.named("container", platform.installation.project):
        copy.remove(NAME)
        erase(platform, table())
        execute(platform, "DROP SCHEMA workload CASCADE")
        platform.assert_status_ok()


@pytest.fixture(scope="module")
def results() -> Iterator[list[Result]]:
    """Results of this module's tests. At the end they are printed, and written down if all faults
    were asked for by name."""
    measured: list[Result] = []
    yield measured
    print("\n" + "\n".join(map(str, measured)), flush=True)
    if FAULT:
        reliability.update(measured)
