"""GET /api/status and /api/probes/NAME hold the details of each probe."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from contract.health.details.base import NodeStatus
from contract.health.details.kafka import KafkaDetails
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from control_center.clients.clients import Clients
from control_center.config import Settings
from control_center.web.app import build
from control_center.web.context import AppContext

AUTH = {"Authorization": "Bearer the-token"}
DETAILS = KafkaDetails((NodeStatus("kafka-1", True, "answers"),), ("kafka-1",))
RESULT = ProbeResult("kafka", ProbeState.OK, "2 brokers answer", "kafka-1", DETAILS, 12)


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    context = AppContext.of(Clients(Settings.load({"STATE": tmp_path})), ["x"])
    monkeypatch.setattr(context.monitor.runner, "run", lambda *_: [RESULT])
    return TestClient(build(context, "the-token"))


def test_a_probe_has_the_details_of_its_kind(client: TestClient) -> None:
    probe = client.get("/api/probes/kafka", headers=AUTH).json()
    assert ProbeResult.from_json(probe) == RESULT


def test_the_status_has_them_too(client: TestClient) -> None:
    status = client.get("/api/status", headers=AUTH).json()
    assert status["ok"]
    assert [ProbeResult.from_json(probe) for probe in status["probes"]] == [RESULT]
