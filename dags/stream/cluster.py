"""Client of the Spark master: reads its state, submits drivers and kills them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from contract.stores.tls import CA
from contract.stream import gateway
from contract.stream.application import (
    SparkState,
    application_name,
    is_application,
    is_live_driver,
)

TIMEOUT_S = 10
SECRETS = Path("/run/secrets")

Answer = Any  # JSON of the Spark master


class ClusterError(Exception):
    """The Spark master does not answer, or refuses a request."""


@dataclass(frozen=True)
class ClusterState:
    """The master's state at one moment. Ids of drivers sort by age, the oldest first.

    `workers` counts the live ones. `applications` are those of the streaming job.
    """

    status: str
    workers: int
    drivers: tuple[str, ...]
    applications: tuple[str, ...]

    @classmethod
    def from_json(cls, answer: Answer) -> ClusterState:
        """The state in the master's /json/."""
        drivers = answer["activedrivers"]
        names = (application["name"] for application in answer["activeapps"])
        return cls(
            status=answer["status"],
            workers=sum(worker["state"] == SparkState.ALIVE for worker in answer["workers"]),
            drivers=tuple(sorted(d["id"] for d in drivers if is_live_driver(d["state"]))),
            applications=tuple(name for name in names if is_application(name)),
        )

    def other_applications(self, job: str) -> tuple[str, ...]:
        """The names of the applications of other jobs."""
        return tuple(name for name in self.applications if name != application_name(job))

    def own_applications(self, job: str) -> int:
        """The number of applications of this job."""
        return self.applications.count(application_name(job))


class SparkCluster:
    """Uses the master's web page for its state, and its gateway for submissions."""

    def __init__(
        self, ui_url: str | None = None, gateway_url: str | None = None, secrets: Path = SECRETS
    ) -> None:
        env = os.environ
        self._ui = ui_url or env.get("SPARK_MASTER_UI", "http://spark-master:8080")
        self._gateway = gateway_url or env.get("SPARK_SUBMIT_URL", "https://spark-master:6066")
        self._secrets = secrets

    def state(self) -> ClusterState:
        """Raises ClusterError."""
        return ClusterState.from_json(_request("GET", f"{self._ui}/json/"))

    def submit(self, release: str, job: str) -> str:
        """Returns the new driver's id. Raises ClusterError with the master's message."""
        answer = self._ask_gateway("POST", gateway.submission(release, job))
        if not answer.get("success"):
            raise ClusterError(f"spark-master refuses the submission: {answer.get('message')}")
        driver: str = answer["driver"]
        return driver

    def kill(self, driver: str) -> None:
        """Raises ClusterError, but not when the driver no longer exists."""
        self._ask_gateway("DELETE", gateway.driver(driver))

    def _ask_gateway(self, method: str, path: str) -> Answer:
        try:
            token = (self._secrets / gateway.SECRET).read_text().strip()
            (self._secrets / CA).stat()
        except FileNotFoundError as error:
            raise ClusterError(f"airflow: {error.filename} is missing. Run make up") from None
        options = {
            "headers": {"Authorization": f"Bearer {token}"},
            "verify": str(self._secrets / CA),
        }
        return _request(method, f"{self._gateway}{path}", **options)


def _request(method: str, url: str, **options: Any) -> Answer:
    try:
        response = requests.request(method, url, timeout=TIMEOUT_S, **options)
        answer = response.json()
    except requests.JSONDecodeError:
        cause = f"HTTP {response.status_code} without JSON"
        raise ClusterError(f"spark-master: {url} answers {cause}") from None
    except requests.exceptions.SSLError:
        cause = "its certificate is not accepted: make up renews it, on AWS terraform apply"
        raise ClusterError(f"spark-master: {url}: {cause}") from None
    except requests.RequestException as error:
        cause = type(error).__name__
        raise ClusterError(f"spark-master: {url} does not answer ({cause})") from None
    if not response.ok:
        cause = f"HTTP {response.status_code}: {answer.get('message')}"
        raise ClusterError(f"spark-master: {url} answers {cause}")
    return answer
