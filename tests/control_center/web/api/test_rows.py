"""One row by its key in the URL, whatever characters the key has."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from control_center.pipeline.queries import QueryResult
from fastapi.testclient import TestClient

from contract.stream.trace import Commit, RowTrace, RowVersions, StageMilliseconds
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.config import Settings
from control_center.pipeline import queries, trace, versions
from control_center.web.app import build
from control_center.web.context import AppContext
from tests.control_center.health.tables import deploy

AUTH = {"Authorization": "Bearer the-token"}
KEYS = [
    "plain",
    "a/b//c",
    "100%",
    "%2F",
    "quote ' and \"",
    '["shop/1",7]',
    "größe 日本 🙂",
    "a?b#c&d=e+f",
    " spaces ",
    "..",
    "\\",
]


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """The pipeline's functions return what they are asked for."""

    def traced(_: Clients, table: Table, text: str) -> RowTrace:
        nothing = StageMilliseconds()
        return RowTrace(table.name, text, False, Commit(), None, None, None, nothing)

    def found(table: Table, key: str, partition: int | None, unmasked: bool = False) -> RowVersions:
        assert (partition, unmasked) == (None, False)
        asked.append((table.name, key))
        return RowVersions(7, ())

    def answered(_: Clients, table: Table, name: str, parameters: Any) -> QueryResult:
        return QueryResult(("table", "name"), ({"table": table.name, "name": name},), False)

    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(trace, "trace_row", traced)
    monkeypatch.setattr(versions, "versions", found)
    monkeypatch.setattr(queries, "run", answered)
    artifacts = deploy(tmp_path / "artifacts", "orders", "users")
    settings = Settings.load({"STATE": tmp_path, "ARTIFACTS": artifacts})
    client = TestClient(build(AppContext.of(Clients(settings), ["x"]), "the-token"), headers=AUTH)
    client.asked = asked  # type: ignore[attr-defined]
    return client


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("table", ["orders", "users"])
def test_a_row_is_found_by_its_key(client: TestClient, table: str, key: str) -> None:
    path = quote(key, safe="").replace("..", "%2E%2E")
    answer = client.get(f"/api/tables/{table}/rows/{path}")
    assert answer.status_code == 200
    assert (answer.json()["table"], answer.json()["key"]) == (table, key)


def test_the_versions_of_a_row_are_found_by_the_one_form_of_its_key(client: TestClient) -> None:
    path = quote('[ "a/b", 7 ]', safe="")
    assert client.get(f"/api/tables/orders/versions/{path}").json() == {"read": 7, "versions": []}
    assert client.asked == [("orders", '["a/b",7]')]  # type: ignore[attr-defined]


def test_an_empty_key_is_refused(client: TestClient) -> None:
    assert client.get("/api/tables/users/rows/").status_code == 422


def test_a_query(client: TestClient) -> None:
    answer = client.get("/api/tables/users/queries/of_city?city=Le%C3%B3n").json()
    assert answer["rows"] == [{"table": "users", "name": "of_city"}]
