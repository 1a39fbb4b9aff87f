"""Containers can write only to volumes that they must write: Airflow runs code of the artifacts."""

from __future__ import annotations

import json
from typing import Any


def writers(composed: dict[str, Any], volume: str) -> set[str]:
    """Services that can write to the volume."""
    services = json.loads(composed["compose"])["services"]
    return {
        name
        for name, service in services.items()
        for mount in service["volumes"]
        if mount["source"] == f"riada-{volume}" and not mount["read_only"]
    }


def test_artifacts(composed: dict[str, Any]) -> None:
    """The scheduler writes the driver that it submitted; a driver on a worker writes its status."""
    expected = {"airflow-scheduler", "spark-worker-1", "spark-worker-2"}
    assert writers(composed, "artifacts") == expected


def test_logs_of_airflow(composed: dict[str, Any]) -> None:
    """The API server shows the logs of tasks and parsers."""
    assert writers(composed, "airflow-logs") == {"airflow-scheduler", "airflow-dag-processor"}


def test_every_volume_has_a_writer(composed: dict[str, Any]) -> None:
    file = json.loads(composed["compose"])
    assert all(writers(composed, name.removeprefix("riada-")) for name in file["volumes"])
