"""Airflow's client logs in once, and sends its token with each request."""

from __future__ import annotations

import pytest

from cli.clients.airflow import Airflow
from cli.clients.http import ResponseError
from cli.installations.local import Installation
from tests.cli.server import Answer, JsonServer


def test_it_logs_in_once(server: JsonServer, installation: Installation) -> None:
    server.answers["POST /auth/token"] = [Answer({"access_token": "the-token"}, 201)]
    server.answers["GET /api/v2/dags"] = [Answer({"dags": []})]
    airflow = Airflow(installation)
    assert airflow.ask("GET", "/dags?limit=100") == {"dags": []}
    assert airflow.ask("GET", "/dags") == {"dags": []}
    login, *others = server.requests
    assert login.body == {"username": "admin", "password": "airflow-admin"}
    assert [request.headers["Authorization"] for request in others] == ["Bearer the-token"] * 2


def test_a_refusal_names_airflow(server: JsonServer, installation: Installation) -> None:
    server.answers["POST /auth/token"] = [Answer({"detail": "no"}, 401)]
    with pytest.raises(ResponseError, match=r"^airflow-api-server: .*/auth/token answered 401"):
        Airflow(installation)
