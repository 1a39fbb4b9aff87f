"""The registry's client distinguishes an unknown schema from an outage (real HTTP server)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from riada_stream.source.registry import Registry, RegistryUnavailableError, UnknownColumnError

BASE = "/apis/ccompat/v7"


def record(*names: str) -> str:
    return json.dumps({"type": "record", "fields": [{"name": n, "type": "int"} for n in names]})


ANSWERS = {
    f"{BASE}/subjects/s-value/versions": (200, [1, 2]),
    f"{BASE}/subjects/s-value/versions/1": (200, {"id": 7, "version": 1, "schema": '"string"'}),
    f"{BASE}/subjects/s-value/versions/2": (200, {"id": 9, "version": 2, "schema": '"int"'}),
    f"{BASE}/subjects/t-value/versions": (200, [1, 2]),
    f"{BASE}/subjects/t-value/versions/1": (200, {"id": 21, "schema": record("id", "__op")}),
    f"{BASE}/subjects/t-value/versions/2": (200, {"id": 22, "schema": record("id", "nick")}),
    f"{BASE}/schemas/ids/22": (200, {"schema": record("id", "nick")}),
    f"{BASE}/schemas/ids/23": (200, {"schema": record("id", "other")}),
    f"{BASE}/schemas/ids/11": (200, {"schema": '"long"'}),
    f"{BASE}/schemas/ids/12": (200, {"schema": "{}", "schemaType": "JSON"}),
    f"{BASE}/schemas/ids/500": (500, {"error_code": 500}),
}


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = ANSWERS.get(self.path, (404, {"error_code": 40403}))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_learns_a_subject(url: str) -> None:
    registry = Registry(url + BASE)
    registry.fetch_subject("s-value")
    registry.fetch_subject("never-registered")
    assert registry.schemas == {7: '"string"', 9: '"int"'}


@pytest.mark.parametrize(("asked", "learned"), [(11, {11}), (12, set()), (404, set())])
def test_learns_by_id(url: str, asked: int, learned: set[int]) -> None:
    registry = Registry(url)
    assert registry.fetch([asked]) == learned
    assert set(registry.schemas) == learned


def test_an_error_of_the_registry_is_an_outage(url: str) -> None:
    with pytest.raises(RegistryUnavailableError, match="HTTP 500"):
        Registry(url).fetch([500])


def test_silence_is_an_outage() -> None:
    with pytest.raises(RegistryUnavailableError, match="refused"):
        Registry("http://127.0.0.1:9").fetch([1])


def test_a_schema_with_a_column_that_this_release_does_not_know_is_not_used(url: str) -> None:
    registry = Registry(url)
    registry.fetch_subject("t-value")
    assert registry.schemas.keys() == {21}
    assert registry.unknown_columns == {22: ("nick",)}


def test_a_later_schema_with_an_unknown_column_is_not_used_either(url: str) -> None:
    registry = Registry(url)
    registry.fetch_subject("t-value")
    assert registry.fetch([22]) == set()
    assert registry.schemas.keys() == {21}


def test_another_subjects_columns_are_not_the_tables(url: str) -> None:
    registry = Registry(url)
    registry.fetch_subject("t-value")
    assert registry.fetch([23]) == {23}
    assert registry.unknown_columns.keys() == {22}


def test_the_remedy_is_named() -> None:
    text = str(UnknownColumnError({"nick", "age"}))
    assert "does not know: age, nick. Add it to COLUMNS in contract/table/columns.py" in text
    assert "make up" in text
    assert "to NOT_DELIVERED there and run make deploy-dags" in text
