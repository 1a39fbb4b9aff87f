"""The cluster runs a release when exactly its application and one driver are live."""

from __future__ import annotations

from typing import Any

import pytest

from cli.clients.http import NoResponseError
from cli.deploy.driver import STREAM_LIMIT_S, on_cluster, wait_for_driver
from cli.host.errors import CliError
from tests.cli.clock import Clock

APP = {"name": "users-r2", "state": "RUNNING"}
DRIVER = {"id": "driver-2", "state": "RUNNING"}


def cluster(
    apps: list[dict[str, str]] | None = None, drivers: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    return {"activeapps": apps or [], "activedrivers": drivers or []}


class Master:
    """Answers in order; the last one is repeated."""

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.urls: list[str] = []

    def ask(self, method: str, url: str) -> Any:
        self.urls.append(url)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_it_ends_with_application_and_driver(clock: Clock) -> None:
    master = Master(
        NoResponseError("http://master/json/ does not answer"),
        cluster([{"name": "users-r1", "state": "RUNNING"}], [DRIVER]),
        cluster([{"name": "users-r1", "state": "RUNNING"}, APP], [DRIVER]),
        cluster([APP | {"state": "WAITING"}], [DRIVER]),
        cluster([APP], [DRIVER, {"id": "driver-1", "state": "RUNNING"}]),
        cluster([APP]),
        cluster([APP], [DRIVER, {"id": "driver-1", "state": "KILLED"}]),
    )
    driver = wait_for_driver("http://master", "r2", master.ask)
    assert driver == {"app": "users-r2", "driver": "driver-2"}
    assert clock.now == 6
    assert set(master.urls) == {"http://master/json/"}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (cluster(), "applications none; drivers none"),
        (cluster([APP | {"name": "users-r1"}], [DRIVER]), "users-r1 RUNNING; drivers driver-2"),
        (NoResponseError("http://master/json/ does not answer"), "does not answer"),
    ],
)
def test_after_its_limit_it_names_the_running_drivers(
    answer: object, expected: str, clock: Clock
) -> None:
    with pytest.raises(CliError) as raised:
        wait_for_driver("http://master", "r2", Master(answer).ask)
    assert f"after {STREAM_LIMIT_S} s the cluster does not run exactly release r2" in str(
        raised.value
    )
    assert expected in raised.value.cause
    assert "stream_users" in raised.value.remedy


def test_other_applications_and_dead_drivers_do_not_count() -> None:
    drivers = [{"id": state, "state": state} for state in ("RUNNING", "RELAUNCHING", "FINISHED")]
    state = cluster([APP, {"name": "PySparkShell", "state": "RUNNING"}], drivers)
    assert on_cluster(state) == (["users-r2 RUNNING"], ["RUNNING"])
