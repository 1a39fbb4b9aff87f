"""Ports of this machine: free, taken by another program, taken by the installation itself."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from cli.host import docker
from cli.host.machine.check import CheckState
from cli.host.machine.ports import PublishedPort, check_ports, own_ports


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that this process listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def containers(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """The project's containers, as docker inspect prints them."""
    containers: list[dict[str, object]] = []
    monkeypatch.setattr(docker, "reachable", lambda: True)
    monkeypatch.setattr(docker, "named", lambda kind, project: ["a"])
    monkeypatch.setattr(docker, "inspect", lambda *names: containers)
    monkeypatch.setattr(docker, "lines", lambda *arguments: [])
    return containers


def container(running: bool, *ports: int) -> dict[str, object]:
    bindings = {f"{port}/tcp": [{"HostPort": str(port)}] for port in ports}
    return {"State": {"Running": running}, "HostConfig": {"PortBindings": bindings or None}}


def test_a_taken_port_fails_and_another_is_proposed(
    taken: int, containers: list[dict[str, object]]
) -> None:
    [check] = check_ports("mine", [PublishedPort("kafka-1", taken, "KAFKA_PORT")])
    assert check.state is CheckState.FAIL
    assert check.measured.startswith("kafka-1, taken by ")
    assert f"make up KAFKA_PORT={taken + 10000}" in check.remedy


def test_the_container_that_listens_is_named(
    taken: int, containers: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docker, "lines", lambda *arguments: ["other-kafka"])
    [check] = check_ports("mine", [PublishedPort("kafka-1", taken, "KAFKA_PORT")])
    assert check.measured == "kafka-1, taken by container other-kafka"


def test_a_port_of_the_installation_itself_passes(
    taken: int, containers: list[dict[str, object]]
) -> None:
    containers.append(container(True, taken))
    [check] = check_ports("mine", [PublishedPort("kafka-1", taken, "KAFKA_PORT")])
    assert (check.state, check.remedy) == (CheckState.PASS, "")
    assert check.measured == "kafka-1, taken by this installation"


def test_a_stopped_container_holds_no_port(containers: list[dict[str, object]]) -> None:
    containers += [container(False, 1001), container(True, 1002, 1003), container(True)]
    assert own_ports("mine") == {1002, 1003}
