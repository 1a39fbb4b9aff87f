"""The Spark master: what runs there, and the three things asked of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import requests

from contract.stream.application import (
    SparkState,
    application_name,
    is_application,
    is_live_driver,
)

TIMEOUT_S = 10


class ClusterError(Exception):
    """The master does not answer, or refuses what it was asked."""


@dataclass(frozen=True)
class View:
    """What the master says at one moment; driver ids sort by age, the oldest first."""

    status: str
    workers: int
    drivers: tuple[str, ...]
    apps: tuple[str, ...]

    @classmethod
    def of(cls, answer: dict[str, Any]) -> View:
        """From the master's /json/. Other applications than the stream's are left out."""
        return cls(
            status=answer["status"],
            workers=sum(worker["state"] == SparkState.ALIVE for worker in answer["workers"]),
            drivers=tuple(
                sorted(d["id"] for d in answer["activedrivers"] if is_live_driver(d["state"]))
            ),
            apps=tuple(app["name"] for app in answer["activeapps"] if is_application(app["name"])),
        )

    def others(self, release: str) -> tuple[str, ...]:
        """Names of the applications of other releases."""
        return tuple(name for name in self.apps if name != application_name(release))

    def own(self, release: str) -> int:
        """How many applications of this release there are."""
        return self.apps.count(application_name(release))


class Cluster:
    """Reached by the master's web page (its state) and its REST server (submissions)."""

    def __init__(self) -> None:
        self._ui = os.environ.get("SPARK_MASTER_UI", "http://spark-master:8080")
        self._rest = os.environ.get("SPARK_SUBMIT_URL", "http://spark-master:6066")

    def view(self) -> View:
        """Raises ClusterError."""
        return View.of(_call("GET", f"{self._ui}/json/"))

    def submit(self, body: dict[str, Any]) -> str:
        """The new driver's id. Raises ClusterError with the master's own words."""
        answer = _call("POST", f"{self._rest}/v1/submissions/create", body)
        if not answer.get("success"):
            raise ClusterError(f"the master refuses the submission: {answer.get('message')}")
        driver: str = answer["submissionId"]
        return driver

    def kill(self, driver: str) -> None:
        """Raises ClusterError; a driver that is gone already is none."""
        _call("POST", f"{self._rest}/v1/submissions/kill/{driver}")


def _call(method: str, url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    try:
        response = requests.request(method, url, json=body, timeout=TIMEOUT_S)
        answer: dict[str, Any] = response.json()
    except requests.JSONDecodeError:
        raise ClusterError(f"{url} answers HTTP {response.status_code} without JSON") from None
    except requests.RequestException as error:
        raise ClusterError(f"{url} does not answer ({type(error).__name__})") from None
    if not response.ok:
        raise ClusterError(f"{url} answers HTTP {response.status_code}: {answer.get('message')}")
    return answer
