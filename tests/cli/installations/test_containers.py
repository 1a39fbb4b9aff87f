"""What docker prints about a container, read."""

from __future__ import annotations

from typing import Any

import pytest

from cli.installations.containers import Container, kind, parse

KAFKA: dict[str, Any] = {
    "Name": "/demo-kafka-1",
    "State": {"Status": "running", "Health": {"Status": "healthy"}},
    "Config": {
        "Env": ["BROKER_ID=1", "WAIT_FOR=zookeeper-1:2181 zookeeper-2:2181"],
        "Labels": {"riada.service": "kafka-1", "riada.in-sync": '["replicas-in-sync"]'},
    },
}


def test_a_container() -> None:
    after = frozenset({"zookeeper-1", "zookeeper-2"})
    expected = Container("kafka-1", "demo-kafka-1", True, after, ("replicas-in-sync",))
    assert parse(KAFKA) == expected


@pytest.mark.parametrize(
    "state",
    [
        {"Status": "running", "Health": {"Status": "starting"}},
        {"Status": "restarting", "Health": {"Status": "healthy"}},
        {"Status": "exited"},
    ],
)
def test_one_that_does_not_serve(state: dict[str, Any]) -> None:
    assert not parse(KAFKA | {"State": state}).healthy


def test_one_of_an_earlier_release() -> None:
    config = {"Env": [], "Labels": {"riada.service": "prometheus"}}
    read = parse(KAFKA | {"Config": config, "Name": "/demo-prometheus"})
    assert read == Container("prometheus", "demo-prometheus", True)


def test_the_secret_of_its_cluster() -> None:
    labels = {"riada.service": "spark-master", "riada.cluster-secret": "spark-rpc"}
    read = parse(KAFKA | {"Config": {"Env": [], "Labels": labels}})
    assert read.cluster_secret == "spark-rpc"


@pytest.mark.parametrize(
    ("service", "expected"),
    [("kafka-1", "kafka"), ("spark-worker-12", "spark-worker"), ("connect", "connect")],
)
def test_kind(service: str, expected: str) -> None:
    assert kind(service) == expected
