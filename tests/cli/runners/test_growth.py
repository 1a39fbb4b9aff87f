"""A cluster grows once all members that it has serve; a member that was lost is not a growth."""

from __future__ import annotations

import pytest

from cli.installations.containers import Container
from cli.runners.growth import growing, lacking

THREE = ("zookeeper-1", "zookeeper-2", "zookeeper-3")
FIVE = (*THREE, "zookeeper-4", "zookeeper-5")


def present(*services: str, unhealthy: str = "") -> dict[str, Container]:
    return {
        service: Container(service, f"riada-{service}", service != unhealthy, in_sync=("in-sync",))
        for service in services
    }


@pytest.mark.parametrize(
    "former", [present(*THREE, unhealthy="zookeeper-2"), present("zookeeper-1", "zookeeper-3")]
)
def test_a_member_that_is_broken_or_removed(former: dict[str, Container]) -> None:
    assert lacking(FIVE, former) == {"zookeeper": {"zookeeper-2"}}


@pytest.mark.parametrize(
    ("pending", "kinds"),
    [
        (FIVE, {"zookeeper"}),
        (THREE, set()),  # a new release, and zookeeper-2 is lost
        (("connect", "kafka-1"), {"kafka"}),  # connect has no number, so it does not grow
        ((), set()),
    ],
)
def test_kinds_that_grow(pending: tuple[str, ...], kinds: set[str]) -> None:
    assert growing(pending, present("zookeeper-1", "zookeeper-3", "connect")) == kinds


def test_a_cluster_that_serves() -> None:
    assert lacking(FIVE, present(*THREE)) == {}


def test_a_growth_that_was_interrupted() -> None:
    """zookeeper-1 and zookeeper-2 have the new settings."""
    former = present(*THREE, unhealthy="zookeeper-2")
    assert lacking(("zookeeper-3", "zookeeper-4", "zookeeper-5"), former) == {}


@pytest.mark.parametrize("lost", ["zookeeper-1", "zookeeper-2"])
def test_a_lost_member_comes_back_with_a_new_release(lost: str) -> None:
    assert lacking(THREE, present(*(set(THREE) - {lost}))) == {}


def test_workers_hold_nothing() -> None:
    worker = Container("spark-worker-1", "riada-spark-worker-1", False)
    assert lacking(("spark-worker-1", "spark-worker-2"), {worker.service: worker}) == {}
