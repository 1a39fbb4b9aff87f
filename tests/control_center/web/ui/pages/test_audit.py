"""The audit log is filtered by person, action, outcome, text and time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from control_center.web.auth.audit_line import AuditLine, Outcome
from control_center.web.ui.pages.audit import ALL, STATES, matching

LINES = [
    AuditLine("2026-11-27T01:00:00.000+00:00", "reader", "login", "", Outcome.REFUSED),
    AuditLine("2026-11-27T01:01:00.000+00:00", "operator", "repair", "users 1", Outcome.DONE),
    AuditLine(
        "2026-11-27T01:02:00.000+00:00",
        "operator",
        "repair",
        "x",
        Outcome.FAILED,
        {"cause": "Kafka"},
    ),
    AuditLine("2026-11-27T01:03:00.000+00:00", "reader", "find row", "users", Outcome.INVALID),
]


@pytest.mark.parametrize(
    ("wanted", "text", "expected"),
    [
        ({}, "", [0, 1, 2, 3]),
        ({"who": "operator"}, "", [1, 2]),
        ({"action": "login", "who": ALL}, "", [0]),
        ({"outcome": "failed"}, "", [2]),
        ({"outcome": "refused"}, "", [0]),
        ({"outcome": "invalid"}, "", [3]),
        ({}, "kafka", [2]),
        ({}, "users", [1, 3]),
        ({"who": "reader"}, "users", [3]),
        ({"who": "operator"}, "nothing", []),
    ],
)
def test_lines_match_every_filter(wanted: dict[str, str], text: str, expected: list[int]) -> None:
    assert matching(LINES, wanted, text, None) == [LINES[number] for number in expected]


def test_every_outcome_has_a_sign() -> None:
    assert STATES.keys() == set(Outcome)


def test_lines_since_a_time() -> None:
    since = datetime(2026, 11, 27, 1, 1, tzinfo=UTC)
    assert matching(LINES, {}, "", since) == LINES[1:]
