"""3 brokers, 3 ZooKeeper nodes, 2 workers, 3 Cassandra nodes: one of each kind may fail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cli.host import docker
from cli.installations.local import Installation
from cli.installations.removal import remove
from tests.harness.platform import Platform
from tests.harness.prometheus import firing
from tests.harness.settings import KEEP, long
from tests.harness.wait import eventually

SIZES = {"BROKERS": "3", "ZOOKEEPERS": "3", "WORKERS": "2", "CASSANDRA_NODES": "3"}
STOPPED = ("kafka-2", "zookeeper-2", "cassandra-2")

pytestmark = [
    long,
    pytest.mark.skipif(KEEP, reason="KEEP is set: the platform that runs has one of each"),
    pytest.mark.timeout(1500),
]


@pytest.fixture(scope="module")
def platform(installation: Installation) -> Iterator[Platform]:
    """A new platform: the earlier tests have destroyed theirs."""
    platform = Platform(installation)
    up = platform.command("up", **SIZES)
    assert up.returncode == 0, (up.stdout + up.stderr)[-5000:]
    yield platform
    remove(installation)


def _summary(platform: Platform, probe: str) -> str:
    return str(platform.control_center("GET", f"/api/probes/{probe}")["summary"])


def test_all_nodes_serve(platform: Platform) -> None:
    platform.assert_status_ok()
    assert _summary(platform, "kafka") == "3 of 3 brokers"
    assert _summary(platform, "zookeeper") == "3 of 3 nodes serve"
    assert _summary(platform, "cassandra") == "3 of 3 nodes serve"
    assert _summary(platform, "spark").endswith("2 of 2 workers")


def test_rows_flow_while_one_of_each_is_down(platform: Platform) -> None:
    before = platform.count()
    for service in STOPPED:
        docker.ask("kill", platform.container(service))
    try:
        platform.await_run(platform.ingest(500))
        assert platform.count() >= before + 500
        platform.assert_equal_everywhere()
        for service in STOPPED:
            assert service in _summary(platform, service.removesuffix("-2"))
        eventually(lambda: "UnderReplicated" in firing(platform), "UnderReplicated fires", 60)
    finally:
        for service in STOPPED:
            platform.start(service)
    platform.await_healthy()
    platform.assert_status_ok()
    eventually(lambda: "UnderReplicated" not in firing(platform), "UnderReplicated ends", 60)
    platform.assert_equal_everywhere()
