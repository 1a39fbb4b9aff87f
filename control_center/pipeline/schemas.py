"""Schemas of a table's topic: versions, their differences, and the check of a new one."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import fastavro

from contract.errors import InvalidInputError, UnreachableError
from contract.health.component import component_of
from contract.json_record import JsonRecord
from contract.kafka.topics import events
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.config import COMPONENT
from control_center.pipeline.schema_fields import reasons

LONGEST = 100_000  # characters


@dataclass(frozen=True)
class SchemaVersion(JsonRecord):
    """`schema`: indented JSON; `difference`: a unified diff from the previous version, empty for
    the first version or without a difference."""

    version: int
    id: int
    schema: str
    difference: str

    @property
    def parsed(self) -> Any:
        return json.loads(self.schema)


@dataclass(frozen=True)
class SchemaCheck(JsonRecord):
    """`messages`: the Schema Registry's reasons, and the differences from the newest version."""

    compatible: bool
    messages: tuple[str, ...]


def subjects(table: Table) -> tuple[str, str]:
    """The subjects of the table's topic: of its values, and of its keys."""
    return events(table).value_subject, events(table).key_subject


def versions(clients: Clients, table: Table, subject: str) -> list[SchemaVersion]:
    """Newest first; [] for a subject without a version.

    Raises InvalidInputError for another subject, UnreachableError.
    """
    url = f"{_subject_url(clients, table, subject)}/versions"
    response = clients.http.request("GET", url)
    if response.status_code == 404:
        return []
    if not response.is_success:
        raise UnreachableError(component_of(url), f"answers {response.status_code}")
    return history(clients.http.json(f"{url}/{number}") for number in sorted(response.json()))


def history(registered: Iterable[dict[str, Any]]) -> list[SchemaVersion]:
    """The registry's answers, oldest first, as versions with their differences, newest first."""
    result: list[SchemaVersion] = []
    for answer in registered:
        text = json.dumps(json.loads(answer["schema"]), indent=2)
        changes = difference(result[-1].schema, text) if result else ""
        result.append(SchemaVersion(answer["version"], answer["id"], text, changes))
    return result[::-1]


def difference(before: str, after: str) -> str:
    """A unified diff without its heading; empty if nothing differs."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3)
    return "\n".join(list(lines)[2:])


def level(clients: Clients, table: Table, subject: str) -> str:
    """The compatibility level in force for the subject. Raises InvalidInputError for another
    subject, UnreachableError."""
    url = _subject_url(clients, table, subject).replace("/subjects/", "/config/")
    return str(clients.http.json(url, params={"defaultToGlobal": "true"})["compatibilityLevel"])


def check(clients: Clients, table: Table, subject: str, text: str) -> SchemaCheck:
    """Is this schema compatible with the newest version? Nothing is registered. Raises
    InvalidInputError if the text is not an Avro schema, or for a subject of another table;
    UnreachableError."""
    subject_url = _subject_url(clients, table, subject)
    url = subject_url.replace("/subjects/", "/compatibility/subjects/") + "/versions/latest"
    body = {"schema": json.dumps(parsed(text))}
    response = clients.http.request("POST", url, params={"verbose": "true"}, json=body)
    if response.status_code == 404:
        return SchemaCheck(True, ("the subject has no version yet",))
    if response.status_code in (400, 409, 422):
        raise InvalidInputError(COMPONENT, f"the Schema Registry refuses it: {response.text[:300]}")
    if not response.is_success:
        raise UnreachableError(component_of(url), f"answers {response.status_code}")
    answer = response.json()
    messages = tuple(str(message) for message in answer.get("messages") or [])
    if answer.get("is_compatible"):
        return SchemaCheck(True, messages)
    newest = clients.http.json(f"{subject_url}/versions/latest")  # the registry gives no reason
    own = reasons(json.loads(newest["schema"]), json.loads(text))
    return SchemaCheck(False, messages + tuple(own))


def parsed(text: str) -> Any:
    """The schema as JSON; raises InvalidInputError if it is too long, not JSON, or not Avro."""
    if len(text) > LONGEST:
        raise InvalidInputError(COMPONENT, f"a schema has at most {LONGEST:,} characters")
    try:
        schema = json.loads(text)
    except ValueError as error:
        raise InvalidInputError(COMPONENT, f"not JSON: {error}") from error
    try:
        fastavro.parse_schema(schema)
    except Exception as error:  # fastavro raises errors of any kind for bad text
        cause = f"{type(error).__name__} {str(error)[:200]}"
        raise InvalidInputError(COMPONENT, f"not an Avro schema: {cause}") from error
    return schema


def _subject_url(clients: Clients, table: Table, subject: str) -> str:
    if subject not in subjects(table):
        known = ", ".join(subjects(table))
        raise InvalidInputError(COMPONENT, f"use one of the subjects {known}")
    return f"{clients.settings.schema_registry_url}/subjects/{subject}"
