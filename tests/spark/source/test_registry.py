"""The registry's client distinguishes an unknown schema from an outage (real HTTP server)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from riada_stream.source.registry import Registry, RegistryUnavailableError, UnknownColumnError
from riada_stream.source.schemas import Schemas

from contract.table import file
from contract.table.table import Table

BASE = "/apis/ccompat/v7"


def table(name: str, key: str = '"id"') -> Table:
    return file.read(
        name,
        f'key = [{key}]\nnot_delivered = ["größe"]\n[columns]\nid = "uuid"\nnumber = "int4"',
    )


S, T, UNREGISTERED = table("s"), table("t"), table("u")
WITH_KEY_OF_TWO = table("t", '"id", "number"')


def record(*names: str) -> str:
    return json.dumps({"type": "record", "fields": [{"name": n, "type": "int"} for n in names]})


ANSWERS = {
    f"{BASE}/subjects/riada.public.s-value/versions": (200, [1, 2]),
    f"{BASE}/subjects/riada.public.s-value/versions/1": (
        200,
        {"id": 7, "version": 1, "schema": '"string"'},
    ),
    f"{BASE}/subjects/riada.public.s-value/versions/2": (
        200,
        {"id": 9, "version": 2, "schema": '"int"'},
    ),
    f"{BASE}/subjects/riada.public.t-value/versions": (200, [1, 2]),
    f"{BASE}/subjects/riada.public.t-value/versions/1": (
        200,
        {"id": 21, "schema": record("id", "gr__e", "__op")},
    ),
    f"{BASE}/subjects/riada.public.t-value/versions/2": (
        200,
        {"id": 22, "schema": record("id", "nick")},
    ),
    f"{BASE}/subjects/riada.public.t-key/versions": (200, [1]),
    f"{BASE}/subjects/riada.public.t-key/versions/1": (200, {"id": 20, "schema": record("id")}),
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
    registry = Registry(url + BASE, S)
    registry.fetch_subjects()
    assert registry.schemas == Schemas({7: '"string"', 9: '"int"'})


def test_a_subject_that_is_not_registered_yet_has_no_schemas(url: str) -> None:
    registry = Registry(url, UNREGISTERED)
    registry.fetch_subjects()
    assert registry.schemas == Schemas({})


@pytest.mark.parametrize(("asked", "learned"), [(11, {11}), (12, set()), (404, set())])
def test_learns_by_id(url: str, asked: int, learned: set[int]) -> None:
    registry = Registry(url, UNREGISTERED)
    assert registry.fetch([asked]) == learned
    assert set(registry.schemas.values) == learned


def test_an_error_of_the_registry_is_an_outage(url: str) -> None:
    with pytest.raises(RegistryUnavailableError, match="HTTP 500"):
        Registry(url, S).fetch([500])


def test_silence_is_an_outage() -> None:
    with pytest.raises(RegistryUnavailableError, match="refused"):
        Registry("http://127.0.0.1:9", S).fetch([1])


def test_schemas_of_keys_are_learned_only_where_keys_are_decoded(url: str) -> None:
    registry = Registry(url, T)
    registry.fetch_subjects()
    assert registry.schemas.keys == {}
    registry = Registry(url, WITH_KEY_OF_TWO)
    assert registry.fetch([], [20]) == {20}
    assert registry.schemas.keys == {20: record("id")}
    assert registry.fetch([], [99]) == set()


def test_a_schema_with_a_column_that_this_release_does_not_know_is_not_used(url: str) -> None:
    registry = Registry(url, T)
    registry.fetch_subjects()
    assert registry.schemas.values.keys() == {21}
    assert registry.unknown_columns == {22: ("nick",)}


def test_a_later_schema_with_an_unknown_column_is_not_used_either(url: str) -> None:
    registry = Registry(url, T)
    registry.fetch_subjects()
    assert registry.fetch([22]) == set()
    assert registry.schemas.values.keys() == {21}


def test_another_subjects_columns_are_not_the_tables(url: str) -> None:
    registry = Registry(url, T)
    registry.fetch_subjects()
    assert registry.fetch([23]) == {23}
    assert registry.unknown_columns.keys() == {22}


def test_the_remedy_is_named() -> None:
    text = str(UnknownColumnError(T, {"nick", "age"}))
    assert "PostgreSQL's table public.t has a column" in text
    assert "does not know: age, nick. Add it to tables/t.toml, in [columns]" in text
    assert "in not_delivered; then run make deploy-dags" in text
