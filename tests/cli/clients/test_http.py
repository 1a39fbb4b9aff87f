"""JSON over HTTP: what is sent, and which error a refusal or silence is."""

from __future__ import annotations

import socket

import pytest

from cli.clients.http import NoResponseError, ResponseError, call
from contract.errors import ErrorCode
from tests.cli.server import Answer, JsonServer


def test_the_answer_is_decoded(server: JsonServer) -> None:
    server.answers["POST /people"] = [Answer({"count": 2})]
    assert call("POST", f"{server.url}/people", {"seed": "a"}) == {"count": 2}
    [request] = server.requests
    assert request.body == {"seed": "a"}
    assert request.headers["Content-Type"] == "application/json"


def test_an_empty_answer_is_none(server: JsonServer) -> None:
    server.answers["GET /"] = [Answer(None, 204)]
    assert call("GET", f"{server.url}/") is None


def test_token_and_password_are_sent(server: JsonServer) -> None:
    server.answers["GET /"] = [Answer()]
    call("GET", f"{server.url}/", token="the-token")
    call("GET", f"{server.url}/", basic=("riada", "secret"))
    sent = [request.headers["Authorization"] for request in server.requests]
    assert sent == ["Bearer the-token", "Basic cmlhZGE6c2VjcmV0"]


def test_a_refusal_names_component_url_and_status(server: JsonServer) -> None:
    server.answers["GET /"] = [Answer({"detail": "busy"}, 503, {"Retry-After": "7"})]
    with pytest.raises(ResponseError) as raised:
        call("GET", f"{server.url}/", component="control-center")
    assert str(raised.value) == f'control-center: {server.url}/ answered 503: {{"detail": "busy"}}'
    assert (raised.value.status, raised.value.retry_after_s) == (503, 7)


def test_a_date_in_retry_after_counts_as_none(server: JsonServer) -> None:
    server.answers["GET /"] = [Answer(None, 429, {"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"})]
    with pytest.raises(ResponseError) as raised:
        call("GET", f"{server.url}/")
    assert raised.value.retry_after_s == 0


def test_silence_is_unreachable(server: JsonServer) -> None:
    server.answers["GET /"] = [Answer(status=0)]
    with pytest.raises(NoResponseError, match=r"control-center: http.* does not answer") as raised:
        call("GET", f"{server.url}/", component="control-center")
    assert raised.value.code is ErrorCode.UNREACHABLE
    assert "make status" in raised.value.remedy


def test_a_closed_port_is_unreachable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NoResponseError):
        call("GET", f"http://127.0.0.1:{port}/")


def test_a_proxy_of_the_environment_is_not_used(
    server: JsonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    server.answers["GET /"] = [Answer({"ok": True})]
    assert call("GET", f"{server.url}/") == {"ok": True}
