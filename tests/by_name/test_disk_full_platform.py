"""The disk of one component becomes full while rows flow: status names it, and all rows arrive once
there is room, without a command."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from cli.host import docker
from cli.installations.local import Installation
from cli.installations.removal import remove
from tests.docker.conftest import Start, start
from tests.harness.load import rows_written
from tests.harness.platform import Platform
from tests.harness.settings import KEEP
from tests.harness.small_volume import FULL, SmallVolume, full, small_volume_of_platform
from tests.harness.wait import eventually

__all__ = ["start"]
pytestmark = [
    pytest.mark.timeout(1800),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts small file systems"),
    pytest.mark.skipif(KEEP, reason="KEEP is set: the platform that runs has ordinary volumes"),
]

SIZES_MIB = {"postgres": 800, "kafka-1": 400, "cassandra-1": 600}
RATE = 50
NAMED_S = 240


@pytest.fixture(scope="module")
def volumes(installation: Installation, start: Start) -> Iterator[dict[str, SmallVolume]]:
    installation.save()  # make up refuses volumes whose secrets are lost
    project = installation.project
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(small_volume_of_platform(start, project, name, size))
            for name, size in SIZES_MIB.items()
        }
    remove(installation)


@pytest.fixture(scope="module")
def platform(installation: Installation, volumes: dict[str, SmallVolume]) -> Iterator[Platform]:
    platform = Platform(installation)
    up = platform.command("up")
    assert up.returncode == 0, (up.stdout + up.stderr)[-5000:]
    yield platform
    docker.remove("container", *docker.named("container", installation.project))


@pytest.mark.parametrize("service", SIZES_MIB)
def test_a_full_disk(platform: Platform, volumes: dict[str, SmallVolume], service: str) -> None:
    platform.await_run(platform.ingest(200))
    platform.assert_equal_everywhere()
    with rows_written(platform, RATE):
        with full(volumes[service]):
            # Rows of 50 per second take too long to fill the rest.
            volumes[service].holder.run("fallocate", "-l", "20M", "/volume/rest")
            eventually(lambda: service in _sentence(platform), f"{service} is named", NAMED_S)
            print(f"\n{service}: {_sentence(platform)}")
            eventually(lambda: FULL in _log(platform, service), "its log has the cause", NAMED_S)
        volumes[service].holder.run("rm", "/volume/rest").check_returncode()
        platform.await_healthy()
        platform.assert_status_ok()
    platform.assert_equal_everywhere()


def _sentence(platform: Platform) -> str:
    report = platform.control_center("GET", "/api/status")
    return "" if report["ok"] else str(report["sentence"])


def _log(platform: Platform, service: str) -> str:
    return docker.tail(platform.container(service), 2000)
