"""The smoke test passes on a complete platform, and names the stopped component of a broken one."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tests.harness.platform import Platform
from tests.harness.settings import long
from tests.harness.spark import without_driver
from tests.harness.tables import USERS
from tests.harness.wait import eventually

ROWS = 20
Stop = Callable[[Platform, str], AbstractContextManager[None]]


def test_passes_with_5000_rows(platform: Platform) -> None:
    done = platform.command("smoke-test", JSON="1", TABLE=USERS.name, ROWS="5000")
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(done.stdout)
    assert result["ok"]
    assert result["rows"] == 5000
    assert all(check["ok"] for check in result["checks"]), result["checks"]


def _no_driver(platform: Platform, _: str) -> AbstractContextManager[None]:
    return without_driver(platform)


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("service", "named", "stopped"),
    [
        ("connect", "connect", Platform.stopped),
        ("spark-driver", "spark-driver", _no_driver),
        ("cassandra-1", "cassandra", Platform.stopped),
        pytest.param("schema-registry", "schema-registry", Platform.stopped, marks=long),
        pytest.param("kafka-1", "kafka", Platform.stopped, marks=long),
        pytest.param("spark-worker-1", "spark-worker", Platform.stopped, marks=long),
    ],
)
def test_names_the_stopped_component(
    platform: Platform, service: str, named: str, stopped: Stop
) -> None:
    with stopped(platform, service):
        done = platform.command("smoke-test", JSON="1", TABLE=USERS.name, ROWS=str(ROWS))
        assert done.returncode == 1, done.stdout + done.stderr
        diagnosis = json.loads(done.stdout)["diagnosis"]
        assert named in diagnosis["component"], diagnosis
    platform.assert_status_ok()

    def passes() -> bool:
        again = platform.command("smoke-test", JSON="1", TABLE=USERS.name, ROWS=str(ROWS))
        assert again.returncode == 0, again.stdout + again.stderr
        return True

    # A driver that has just started needs half a minute for its first batch.
    eventually(passes, "the smoke test passes again", 120, 5)
