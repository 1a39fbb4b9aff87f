"""The source of people: answers with people, without them, and in another format."""

from __future__ import annotations

import json

import pytest

from contract.health.state import ProbeState
from control_center.health.probes.randomuser import evaluate

URL = "http://randomuser:8000/api/"


def test_a_source_with_people() -> None:
    body = json.dumps({"results": [{"nat": "DE"}], "info": {}}).encode()
    assert evaluate(200, body, URL).state is ProbeState.OK


@pytest.mark.parametrize("status", [429, 503])
def test_a_source_that_asks_to_wait_is_a_warning(status: int) -> None:
    result = evaluate(status, b"", URL)
    assert result.state is ProbeState.WARN
    assert result.summary.startswith(f"randomuser: answers {status}")


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (200, b'{"results": [], "info": {"results": 0}}', "answers 200 and no people"),
        (200, b'{"error": "no results"}', "another format"),
        (200, b'{"results": {"nat": "DE"}}', "another format"),
        (200, b'{"results": ["DE"]}', "another format"),
        (200, b'["results"]', "another format"),
        (200, b'<html>"results"</html>', "another format"),
        (200, b"[" * 100_000, "another format"),
        (403, b'{"results": []}', "answers 403 without people"),
    ],
)
def test_a_source_without_people_fails_and_is_named(status: int, body: bytes, words: str) -> None:
    result = evaluate(status, body, URL)
    assert result.state is ProbeState.FAIL
    assert words in result.summary
    assert URL in result.summary
