"""Errors of the Control Center's API keep their component, cause, remedy and code."""

from __future__ import annotations

import pytest

from cli.clients import control_center
from cli.clients.http import ResponseError
from cli.installations.local import Installation
from contract.errors import ErrorAnswer, ErrorCode, UnreachableError
from tests.cli.server import Answer, JsonServer


def test_an_error_names_the_component_that_caused_it(
    server: JsonServer, installation: Installation
) -> None:
    error = UnreachableError("cassandra-1", "refuses connections", "Run make status.")
    server.answers["GET /api/countries"] = [Answer(ErrorAnswer.of(error).to_json(), 503)]
    with pytest.raises(ResponseError) as raised:
        control_center.ask(installation, "GET", "/api/countries")
    assert str(raised.value) == "cassandra-1: refuses connections"
    assert (raised.value.code, raised.value.status) == (ErrorCode.UNREACHABLE, 503)
    assert raised.value.remedy == "Run make status."


@pytest.mark.parametrize("body", [{"detail": "no"}, [], None, "text"])
def test_an_answer_of_another_form_is_shown_as_it_is(
    server: JsonServer, installation: Installation, body: object
) -> None:
    server.answers["GET /api/status"] = [Answer(body, 502)]
    with pytest.raises(ResponseError, match=r"^control-center: http.* answered 502"):
        control_center.ask(installation, "GET", "/api/status")
