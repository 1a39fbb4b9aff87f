"""The Schema Registry: the level that guards the subject of each table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from contract.health.details.schema_registry import SchemaRegistryDetails, TableSubject
from contract.health.state import ProbeState
from control_center.health.probes.schema_registry import evaluate, probe
from tests.control_center.health.stages.in_memory import clients

HELD = TableSubject("riada.public.users-value", True, "BACKWARD")
EMPTY = TableSubject("riada.public.orders-value", False, "BACKWARD")


def test_the_schemas_of_all_tables() -> None:
    result = evaluate({"users": HELD})
    assert (result.state, result.summary) == (
        ProbeState.OK,
        "holds the schemas of 1 table, BACKWARD",
    )


def test_another_level_fails_and_names_table_and_subject() -> None:
    wrong = TableSubject(EMPTY.subject, True, "FORWARD")
    result = evaluate({"orders": wrong, "users": HELD})
    assert result.state is ProbeState.FAIL
    assert result.summary == (
        "orders has a subject whose compatibility is FORWARD, not BACKWARD: set that of "
        "riada.public.orders-value to BACKWARD; 1 other table has a schema"
    )


def test_a_table_without_rows_has_no_schema() -> None:
    result = evaluate({"orders": EMPTY, "users": HELD})
    assert result.state is ProbeState.OK
    assert result.summary.endswith("; the first row brings the schema of 1 table")


def test_messages_without_their_schema_name_the_remedy() -> None:
    result = evaluate({"orders": replace(EMPTY, lost=True), "users": HELD})
    assert result.state is ProbeState.FAIL
    assert "orders has messages, and no schema of riada.public.orders-value" in result.summary
    assert "make rebuild" in result.summary


class InMemoryHttp:
    """A registry with a subject of users, and its requests."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def json(self, url: str, **_: object) -> Any:
        path = url.partition("/v7")[2]
        self.paths.append(path)
        return {
            "/subjects": [HELD.subject, "somebody-s"],
            "/config": {"compatibilityLevel": "BACKWARD"},
            f"/config/{HELD.subject}": {"compatibilityLevel": "NONE"},
        }[path]


def test_only_subjects_that_exist_are_asked() -> None:
    http = InMemoryHttp()
    result = probe(clients(http=http))
    assert result.details == SchemaRegistryDetails(
        {"orders": EMPTY, "users": TableSubject(HELD.subject, True, "NONE")}
    )
    assert len(http.paths) == 3
