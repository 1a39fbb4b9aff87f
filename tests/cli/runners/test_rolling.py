"""A rolling change never has two nodes of a kind down, and goes on where it was interrupted."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

import pytest

from cli.host.errors import CliError
from cli.installations.containers import kind
from cli.runners import growth, rolling
from tests.cli.runners.simulated import Installation, container

NODES = ("kafka-1", "kafka-2", "kafka-3", "zookeeper-1", "zookeeper-2", "zookeeper-3", "connect")


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


def test_one_after_another_after_what_it_waits_for() -> None:
    installation = Installation(*NODES, pending=NODES)
    rolling.apply(installation, installation)
    assert all(len(services) == 1 for services in installation.changes)
    order = [services[0] for services in installation.changes]
    assert sorted(order) == sorted(NODES)
    assert order.index("zookeeper-1") < order.index("kafka-1") < order.index("connect")


def test_clients_for_which_none_waits_come_after_the_servers() -> None:
    """They may need what the new server has, and wait for none when they start."""
    services = ("alertmanager", "control-center", *NODES)
    installation = Installation(*services, pending=services)
    rolling.apply(installation, installation)
    order = [services[0] for services in installation.changes]
    assert sorted(order) == sorted(services)
    assert {kind(service) for service in order[-3:]} == {
        "alertmanager",
        "connect",
        "control-center",
    }


@pytest.mark.parametrize("leader", ["kafka-1", "kafka-2", "kafka-3", ""])
def test_the_leader_of_a_kind_is_the_last(leader: str) -> None:
    """Its work moves once."""
    installation = Installation(*NODES, pending=NODES)
    installation.leader = leader
    rolling.apply(installation, installation)
    order = [services[0] for services in installation.changes]
    assert sorted(order) == sorted(NODES)
    brokers = [service for service in order if kind(service) == "kafka"]
    assert not leader or brokers[-1] == leader
    assert {kind(service) for service in order[:3]} == {"zookeeper"}


def test_a_first_start_is_at_once() -> None:
    installation = Installation()
    installation.wanted = set(NODES)
    rolling.apply(installation, installation)
    assert installation.changes == [sorted(NODES)]


def test_nothing_pending_changes_nothing() -> None:
    installation = Installation(*NODES)
    rolling.apply(installation, installation)
    assert installation.changes == []


@pytest.mark.parametrize("steps", range(len(NODES)))
def test_an_interrupted_change_goes_on(steps: int) -> None:
    installation = Installation(*NODES, pending=NODES)
    installation.fails_at = steps
    with pytest.raises(KeyboardInterrupt):
        rolling.apply(installation, installation)
    installation.fails_at = -1
    rolling.apply(installation, installation)
    replaced = [service for services in installation.changes for service in services]
    assert sorted(replaced) == sorted(NODES)


def test_a_node_that_fails_stops_the_change() -> None:
    installation = Installation(*NODES, pending=NODES)
    installation.broken = {"kafka-1"}
    with pytest.raises(CliError, match="kafka-1"):
        rolling.apply(installation, installation)
    assert installation.outdated >= {"kafka-2", "kafka-3", "connect"}


def test_what_does_not_serve_is_replaced_first() -> None:
    """Such as the nodes that an earlier change broke; the corrected one may replace them all."""
    installation = Installation(*NODES, pending=NODES)
    for service in ("kafka-2", "kafka-3"):
        installation.present[service] = dataclasses.replace(container(service), healthy=False)
    rolling.apply(installation, installation)
    assert installation.changes[0] == ["kafka-2", "kafka-3"]


def test_a_kind_that_grows_changes_at_once() -> None:
    """Its members find each other by the new settings only."""
    installation = Installation("zookeeper-1", "kafka-1", pending=["zookeeper-1", "kafka-1"])
    installation.wanted = {"zookeeper-1", "zookeeper-2", "zookeeper-3", "kafka-1"}
    rolling.apply(installation, installation)
    assert installation.changes == [["zookeeper-1", "zookeeper-2", "zookeeper-3"], ["kafka-1"]]


def test_a_lost_member_is_not_a_growth() -> None:
    """The others serve: they are replaced one after another, once it is back."""
    installation = Installation(
        "zookeeper-1", "zookeeper-3", pending=["zookeeper-1", "zookeeper-3"]
    )
    installation.wanted.add("zookeeper-2")
    rolling.apply(installation, installation)
    assert installation.changes == [["zookeeper-2"], ["zookeeper-1"], ["zookeeper-3"]]


def _ensemble_of_three_gets_five() -> Installation:
    present = ("zookeeper-1", "zookeeper-2", "zookeeper-3")
    installation = Installation(*present, pending=present)
    installation.wanted |= {"zookeeper-4", "zookeeper-5"}
    return installation


def test_a_cluster_with_a_broken_member_does_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the five members, the two that are left of three have no majority."""
    monkeypatch.setattr(growth, "LIMIT_S", 3)
    installation = _ensemble_of_three_gets_five()
    broken = dataclasses.replace(container("zookeeper-2"), healthy=False)
    installation.present["zookeeper-2"] = broken
    with pytest.raises(CliError, match=r"zookeeper-2 not healthy .* nothing was changed"):
        rolling.apply(installation, installation)
    assert installation.changes == []


def test_a_growth_that_was_interrupted_goes_on() -> None:
    """No member serves until the new ones have started."""
    installation = _ensemble_of_three_gets_five()
    installation.outdated = {"zookeeper-3"}
    for service, present in installation.present.items():
        installation.present[service] = dataclasses.replace(present, healthy=False)
    rolling.apply(installation, installation)
    assert [service for together in installation.changes for service in together] == [
        "zookeeper-3",
        "zookeeper-4",
        "zookeeper-5",
    ]


def test_a_cluster_out_of_sync_is_not_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rolling, "SYNC_LIMIT_S", 3)
    installation = Installation(*NODES, pending=["kafka-1"])
    monkeypatch.setattr(installation, "out_of_sync", lambda _: "people 0 has 2 of 3 replicas")
    with pytest.raises(CliError, match="people 0 has 2 of 3 replicas; no further container"):
        rolling.apply(installation, installation)
    assert installation.changes == []


def test_rows_arrive_before_the_next() -> None:
    installation = Installation(*NODES, pending=["connect", "kafka-1"])
    stopped = {"connect": "the task does not run"}
    installation.findings = [{}, stopped, None, stopped, {}]
    rolling.apply(installation, installation)
    assert installation.findings == []
    assert installation.changes == [["kafka-1"], ["connect"]]


def test_rows_that_do_not_arrive_stop_the_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rolling, "DELIVERY_LIMIT_S", 3)
    installation = Installation(*NODES, pending=["connect", "kafka-1"])
    monkeypatch.setattr(
        installation, "failing", lambda: {"driver": "it halted"} if installation.changes else {}
    )
    with pytest.raises(CliError, match="driver: it halted; no further"):
        rolling.apply(installation, installation)
    assert installation.changes == [["kafka-1"]]


SPARK = ("spark-master", "spark-worker-1", "spark-worker-2")


def _spark_without_a_secret(pending: Collection[str]) -> Installation:
    installation = Installation("connect", "kafka-1", *SPARK, pending=pending)
    for service in SPARK:
        earlier = dataclasses.replace(container(service), cluster_secret="")
        installation.present[service] = earlier
    return installation


def test_workers_that_a_new_master_refuses_are_replaced_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are not asked for rows, which they no longer deliver."""
    installation = _spark_without_a_secret(["connect", "kafka-1", *SPARK])

    def failing() -> dict[str, str]:
        present = installation.read()
        secrets = {present[service].cluster_secret for service in SPARK}
        return {} if len(secrets) == 1 else {"spark": "no worker is registered"}

    monkeypatch.setattr(rolling, "DELIVERY_LIMIT_S", 3)
    monkeypatch.setattr(installation, "failing", failing)
    rolling.apply(installation, installation)
    changes = installation.changes
    assert changes[changes.index(["spark-master"]) + 1] == ["spark-worker-1", "spark-worker-2"]
    assert sorted(service for together in changes for service in together) == [
        "connect",
        "kafka-1",
        *SPARK,
    ]


def test_workers_with_the_secret_are_replaced_one_after_another() -> None:
    installation = Installation(*SPARK, pending=SPARK)
    rolling.apply(installation, installation)
    assert installation.changes == [[service] for service in SPARK]


def test_a_change_that_ended_after_the_master_goes_on_with_the_workers() -> None:
    installation = _spark_without_a_secret(SPARK)
    installation.fails_at = 1
    with pytest.raises(KeyboardInterrupt):
        rolling.apply(installation, installation)
    for service in SPARK[1:]:
        refused = dataclasses.replace(installation.present[service], healthy=False)
        installation.present[service] = refused
    installation.fails_at = -1
    rolling.apply(installation, installation)
    assert installation.changes == [["spark-master"], ["spark-worker-1", "spark-worker-2"]]


@pytest.mark.parametrize("failing", [{"driver": "it halted"}, None])
def test_a_platform_that_delivers_nothing_can_be_changed(
    failing: dict[str, str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation = Installation(*NODES, pending=["connect"])
    monkeypatch.setattr(installation, "failing", lambda: failing)
    rolling.apply(installation, installation)
    assert installation.changes == [["connect"]]


def test_a_single_node_of_cassandra_comes_before_its_clients() -> None:
    """An earlier release of it has no TLS, without which clients of this one do not connect."""
    services = ("airflow-scheduler", "cassandra-1", "control-center", "spark-worker-1")
    present = {service: container(service) for service in services}
    order = rolling.order(services, present)
    assert order.index("cassandra-1") < order.index("control-center")
    assert order.index("cassandra-1") < order.index("spark-worker-1")
