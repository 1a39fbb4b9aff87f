"""The master's page cannot change anything, because every user of the machine can open it. The
logs of drivers are copied to docker's log, and do not grow for ever."""

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


# The driver's log is emptied when it is larger than LOG_MIB (docker/spark/Dockerfile).
FILE, LIMIT_MIB = "/var/lib/spark-work/driver-1/stderr", 32


def append(follower: Container, first: int, last: int) -> None:
    """Lines of 1 KiB, as Spark appends them."""
    line = '{ printf "%08d ", $1; for (n = 9; n < 1023; n++) printf "x"; print "" }'
    script = f"mkdir -p $(dirname {FILE}) && seq {first} {last} | awk '{line}' >>{FILE}"
    follower.run("bash", "-c", script).check_returncode()


def size(follower: Container) -> int:
    return int(follower.run("stat", "--format=%s", FILE).stdout)


def test_a_drivers_log_is_emptied_after_it_was_copied(start: Start) -> None:
    follower = start("spark", "follower", command=("follow-logs", "/var/lib/spark-work"))
    small, large = 1024, (LIMIT_MIB + 1) << 10
    append(follower, 1, small)
    eventually(lambda: f"driver | {small:08d}" in follower.logs(), "the lines are copied", 60)
    assert size(follower) == small << 10
    append(follower, small + 1, large)
    eventually(lambda: size(follower) == 0, "the log is emptied", 60)
    append(follower, large + 1, large + 1)
    eventually(
        lambda: f"driver | {large + 1:08d}" in follower.logs(), "the next line is copied", 60
    )
    copied = [int(line.split()[2]) for line in follower.logs().splitlines()]
    assert copied == [*range(1, large + 2)]
