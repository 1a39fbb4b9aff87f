"""The Schema Registry: the level that guards the subject, and its newest schema."""

from __future__ import annotations

from dataclasses import replace

from contract.health.details.schema_registry import SchemaRegistryDetails
from contract.health.state import ProbeState
from control_center.config import SUBJECT
from control_center.health.probes.schema_registry import evaluate

HELD = SchemaRegistryDetails(SUBJECT, "BACKWARD", version=4, id=9)
EMPTY = replace(HELD, version=None, id=None)


def test_the_newest_schema() -> None:
    result = evaluate(HELD, 200)
    assert (result.state, result.summary) == (ProbeState.OK, f"{SUBJECT} version 4, BACKWARD")


def test_another_level_fails() -> None:
    result = evaluate(replace(HELD, compatibility="FORWARD"), 200)
    assert result.state is ProbeState.FAIL
    assert result.summary.startswith("compatibility is FORWARD, not BACKWARD")


def test_before_the_first_person_there_is_no_schema() -> None:
    assert evaluate(EMPTY, 404).state is ProbeState.WARN


def test_a_registry_that_answers_with_an_error() -> None:
    result = evaluate(EMPTY, 500)
    assert (result.state, result.summary) == (ProbeState.FAIL, "schema-registry: answers 500")
