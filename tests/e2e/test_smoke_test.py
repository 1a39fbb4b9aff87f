"""The smoke test passes on a whole platform, and names what is missing from a broken one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.harness.platform import Platform
from tests.harness.spark import running_drivers, stop_driver
from tests.harness.wait import eventually

FEW = 20


def test_passes_with_5000_people(platform: Platform) -> None:
    done = platform.command("smoke_test", JSON="1", PEOPLE="5000")
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(done.stdout)
    assert result["ok"]
    assert result["people"] == 5000
    assert all(check["ok"] for check in result["checks"]), result["checks"]


@contextmanager
def _container(platform: Platform, service: str) -> Iterator[None]:
    platform.stop(service)
    try:
        yield
    finally:
        platform.start(service)
        platform.await_healthy()


@contextmanager
def _driver(platform: Platform, _: str) -> Iterator[None]:
    """The driver stopped, and the DAG that would bring it back told not to."""
    platform.pause("stream_users", True)
    try:
        platform.end_runs("stream_users")
        stop_driver(platform)
        yield
    finally:
        platform.pause("stream_users", False)
        eventually(lambda: running_drivers(platform), "a driver runs again", 240)


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("service", "named", "stopped"),
    [
        ("connect", "connect", _container),
        ("schema-registry", "schema-registry", _container),
        ("kafka-1", "kafka", _container),
        ("spark-driver", "spark-driver", _driver),
        ("spark-worker-1", "spark-worker", _container),
        ("cassandra-1", "cassandra", _container),
    ],
)
def test_names_what_is_stopped(
    platform: Platform, service: str, named: str, stopped: Callable
) -> None:
    with stopped(platform, service):
        done = platform.command("smoke_test", JSON="1", PEOPLE=str(FEW))
        assert done.returncode == 1, done.stdout + done.stderr
        diagnosis = json.loads(done.stdout)["diagnosis"]
        assert named in diagnosis["component"], diagnosis
    platform.assert_status_ok()
    again = platform.command("smoke_test", JSON="1", PEOPLE=str(FEW))
    assert again.returncode == 0, again.stdout + again.stderr
