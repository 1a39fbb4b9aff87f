"""The master's page cannot change anything, because every user of the machine can open it."""

from __future__ import annotations

import urllib.request
from typing import Any

import pytest

from cli.clients.http import call
from tests.docker.conftest import Container, Start
from tests.harness.wait import eventually


@pytest.fixture(scope="module")
def master(start: Start) -> Container:
    publish = ("-p", "127.0.0.1::8080", "-p", "127.0.0.1::6066")
    container = start("spark", "spark-master", *publish, command=("master",))
    container.await_healthy("healthcheck", "master")
    return container


@pytest.fixture(scope="module")
def driver(master: Container) -> str:
    """Submits a driver, which waits for a worker."""
    body = {
        "action": "CreateSubmissionRequest",
        "appResource": "file:/none.jar",
        "mainClass": "None",
        "appArgs": [],
        "clientSparkVersion": "3.5.9",
        "environmentVariables": {},
        "sparkProperties": {
            "spark.app.name": "waits",
            "spark.master": "spark://spark-master:7077",
            "spark.jars": "",
            "spark.submit.deployMode": "cluster",
        },
    }
    submit = f"http://127.0.0.1:{master.port(6066)}/v1/submissions/create"
    answer = call("POST", submit, body)
    assert answer["success"], answer
    return str(answer["submissionId"])


def drivers(master: Container) -> list[str]:
    shown: dict[str, Any] = call("GET", f"http://127.0.0.1:{master.port(8080)}/json/")
    return [driver["id"] for driver in shown["activedrivers"]]


def test_its_page_kills_no_driver(master: Container, driver: str) -> None:
    eventually(lambda: driver in drivers(master), "the driver waits", 30)
    page = f"http://127.0.0.1:{master.port(8080)}"
    request = urllib.request.Request(f"{page}/driver/kill/", f"id={driver}&terminate=true".encode())
    with urllib.request.urlopen(request) as answer:
        text = answer.read().decode()
    assert "(kill)" not in text
    assert driver in drivers(master)


def test_airflow_still_ends_it(master: Container, driver: str) -> None:
    kill = f"http://127.0.0.1:{master.port(6066)}/v1/submissions/kill/{driver}"
    assert call("POST", kill)["success"]
    eventually(lambda: driver not in drivers(master), "the driver is gone", 30)
