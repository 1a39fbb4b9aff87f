"""Kafka Connect's status: parts, causes, and a connector that is not registered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from contract.errors import UnreachableError
from contract.kafka.capture import REST_SECRET
from control_center.clients.connect import Connect, ConnectorStatus, PartStatus
from control_center.clients.http import Http
from control_center.config import Settings

STATUS = {
    "name": "users",
    "connector": {"state": "RUNNING", "worker_id": "connect:8083"},
    "tasks": [
        {"id": 0, "state": "FAILED", "worker_id": "connect:8083", "trace": "A\nCaused by: B"}
    ],
}


class Answers(Http):
    """Gives this answer to every question."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response

    def request(self, method: str, url: str, component: str = "", **options: Any) -> httpx.Response:
        return self._response


def connect(tmp_path: Path, response: httpx.Response) -> Connect:
    (tmp_path / REST_SECRET).write_text("secret")
    return Connect(Settings.load({"SECRETS": str(tmp_path)}), Answers(response))


def test_the_status_of_connector_and_tasks(tmp_path: Path) -> None:
    status = connect(tmp_path, httpx.Response(200, json=STATUS)).status()
    assert status == ConnectorStatus(
        PartStatus("connector", "RUNNING", "connect:8083"),
        {"0": PartStatus("task 0", "FAILED", "connect:8083", "A\nCaused by: B")},
    )
    assert [(part.name, part.cause) for part in status.parts] == [
        ("connector", ""),
        ("task 0", "B"),
    ]


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (404, "^connect: the connector .* is not registered$"),
        (409, "^connect: answers 409$"),
    ],
)
def test_without_a_status_the_error_names_connect(
    tmp_path: Path, status: int, message: str
) -> None:
    with pytest.raises(UnreachableError, match=message):
        connect(tmp_path, httpx.Response(status)).status()


def test_the_names_of_all_connectors(tmp_path: Path) -> None:
    answer = httpx.Response(200, json=["riada", "riada-shop"])
    assert connect(tmp_path, answer).names() == ["riada", "riada-shop"]


def test_a_secret_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    settings = Settings.load({"SECRETS": str(tmp_path)})
    with pytest.raises(UnreachableError, match=f"^connect: .*{REST_SECRET}"):
        Connect(settings, Answers(httpx.Response(200))).status()
