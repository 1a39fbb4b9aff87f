"""Members of a ZooKeeper ensemble start again, as in a rolling change: the broker goes on."""

from __future__ import annotations

import time

import pytest

from cli.host import docker
from tests.docker.conftest import Container, Start
from tests.harness.wait import eventually

MEMBERS = ("zookeeper-1", "zookeeper-2", "zookeeper-3")
# The broker asks every 5 s, and believes the third answer.
WATCHED_S = 20


@pytest.fixture(scope="module")
def ensemble(start: Start) -> list[Container]:
    servers = f"ZOOKEEPER_SERVERS={' '.join(MEMBERS)}"
    return [
        start("zookeeper", name, "-e", servers, "-e", f"ZOOKEEPER_ID={number}")
        for number, name in enumerate(MEMBERS, 1)
    ]


@pytest.fixture(scope="module")
def broker(start: Start, ensemble: list[Container]) -> Container:
    addresses = [f"{name}:2181" for name in MEMBERS]
    settings = {"BROKER_ID": "1", "ZOOKEEPER_CONNECT": ",".join(addresses)}
    settings |= {"REPLICATION_FACTOR": "1", "WAIT_FOR": " ".join(addresses)}
    options = [word for name, value in settings.items() for word in ("-e", f"{name}={value}")]
    broker = start("kafka", "kafka-1", *options, "--restart", "unless-stopped")
    broker.await_healthy("healthcheck")
    return broker


def status(member: Container) -> str:
    """What the four-letter word srvr prints; "" if the member does not answer."""
    ask = "exec 3<>/dev/tcp/localhost/2181 && printf srvr >&3 && cat <&3"
    return member.run("bash", "-c", ask).stdout


def leader(ensemble: list[Container]) -> Container | None:
    return next((member for member in ensemble if "Mode: leader" in status(member)), None)


@pytest.mark.timeout(400)
def test_a_leader_without_a_write_starts_again(
    ensemble: list[Container], broker: Container
) -> None:
    """A new leader shows the beginning of its epoch, and as a follower an earlier transaction."""
    for _ in range(2):
        first = eventually(lambda: leader(ensemble), "there is a leader", 60)
        time.sleep(WATCHED_S)
        docker.ask("restart", "-t", "20", first.name)
        eventually(lambda: all("Mode: " in status(each) for each in ensemble), "all serve", 60)
    time.sleep(WATCHED_S)
    assert "went back" not in broker.logs()
    [described] = docker.inspect(broker.name)
    assert described["RestartCount"] == 0
    broker.await_healthy("healthcheck")
