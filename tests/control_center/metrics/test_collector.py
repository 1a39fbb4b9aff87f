"""GET /metrics: who may read it, and that an unknown value has no sample."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from control_center.clients.clients import Clients
from control_center.config import Settings
from control_center.health.probes import PROBES
from control_center.web.app import build
from control_center.web.context import AppContext
from tests.control_center.health.tables import deploy
from tests.control_center.metrics.samples import values


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    (tmp_path / "control-center-metrics").write_text("metrics-token\n")
    artifacts = str(deploy(tmp_path / "artifacts", "orders", "users"))
    environment = {"SECRETS": str(tmp_path), "ARTIFACTS": artifacts, "STATE": str(tmp_path)}
    return TestClient(
        build(AppContext.of(Clients(Settings.load(environment)), ["x"]), "operators-token")
    )


def ask(client: TestClient, token: str, path: str = "/metrics") -> Any:
    return client.get(path, headers={"Authorization": f"Bearer {token}"})


def test_without_a_platform_the_probes_fail_and_no_value_is_made_up(client: TestClient) -> None:
    answer = ask(client, "metrics-token")
    assert answer.status_code == 200
    metrics = values(text_string_to_metric_families(answer.text))
    failed = {name for name in PROBES if metrics[f"riada_probe_up{{probe={name}}}"] == 0}
    # Without Prometheus rows still arrive, there is no other database, and the process that
    # verifies has not begun.
    assert failed == PROBES.keys() - {"disk", "prometheus", "databases", "verification"}
    unknown = ("riada_rows", "riada_slot", "riada_dead", "riada_stream_lag", "riada_connect")
    assert not [name for name in metrics if name.startswith(unknown)]
    assert metrics["riada_disk_size_bytes"] > metrics["riada_disk_free_bytes"] > 0
    assert metrics["process_resident_memory_bytes"] > 0


@pytest.mark.parametrize("token", ["", "wrong", "operators-token"])
def test_only_its_own_token_reads_it(client: TestClient, token: str) -> None:
    assert ask(client, token).status_code == 401


def test_its_token_opens_nothing_else(client: TestClient) -> None:
    assert ask(client, "metrics-token", "/api/status").status_code == 401


def test_a_missing_secret_is_named() -> None:
    clients = Clients(Settings.load({"SECRETS": "/nowhere", "STATE": "/nowhere"}))
    client = TestClient(build(AppContext.of(clients, ["x"]), "operators-token"))
    answer = ask(client, "")
    assert answer.status_code == 503
    assert "/nowhere/control-center-metrics cannot be read" in answer.json()["detail"]
