"""One row by its key in the URL, whatever characters the key has."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI

from contract.stream.trace import Commit, RowTrace, RowVersions, StageMilliseconds
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.config import Settings
from control_center.pipeline import queries, trace, versions
from control_center.pipeline.queries import QueryResult
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


class Api:
    """Calls the API as a server does, which decodes a path once; Starlette's TestClient decodes it
    twice. `versions_of`: the tables and keys whose versions were read."""

    def __init__(self, app: FastAPI, versions_of: list[tuple[str, str]]) -> None:
        self._app, self.versions_of = app, versions_of

    def get(self, path: str) -> httpx.Response:
        return asyncio.run(self._get(path))

    async def _get(self, path: str) -> httpx.Response:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://x", headers=AUTH
        ) as client:
            return await client.get(path)


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Api:
    """The pipeline's functions return what they are asked for."""

    def traced(_: Clients, table: Table, text: str) -> RowTrace:
        nothing = StageMilliseconds()
        return RowTrace(table.name, text, False, Commit(), None, None, None, nothing)

    def read_versions(
        table: Table, key: str, partition: int | None, unmasked: bool = False
    ) -> RowVersions:
        assert (partition, unmasked) == (None, False)
        asked.append((table.name, key))
        return RowVersions(7, ())

    def answered(_: Clients, table: Table, name: str, parameters: Any) -> QueryResult:
        return QueryResult(("table", "name"), ({"table": table.name, "name": name},), False)

    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(trace, "trace_row", traced)
    monkeypatch.setattr(versions, "versions", read_versions)
    monkeypatch.setattr(queries, "run", answered)
    artifacts = deploy(tmp_path / "artifacts", "orders", "users")
    settings = Settings.load({"STATE": tmp_path, "ARTIFACTS": artifacts})
    return Api(build(AppContext.of(Clients(settings), ["x"]), "the-token"), asked)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("table", ["orders", "users"])
def test_a_row_is_found_by_its_key(api: Api, table: str, key: str) -> None:
    path = quote(key, safe="").replace("..", "%2E%2E")
    answer = api.get(f"/api/tables/{table}/rows/{path}")
    assert answer.status_code == 200
    assert (answer.json()["table"], answer.json()["key"]) == (table, key)


def test_the_versions_of_a_row_are_found_by_the_one_form_of_its_key(api: Api) -> None:
    path = quote('[ "a/b", 7 ]', safe="")
    assert api.get(f"/api/tables/orders/versions/{path}").json() == {"read": 7, "versions": []}
    assert api.versions_of == [("orders", '["a/b",7]')]


def test_an_empty_key_is_refused(api: Api) -> None:
    assert api.get("/api/tables/users/rows/").status_code == 422


def test_a_query(api: Api) -> None:
    answer = api.get("/api/tables/users/queries/of_city?city=Le%C3%B3n").json()
    assert answer["rows"] == [{"table": "users", "name": "of_city"}]
