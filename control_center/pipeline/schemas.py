"""Schemas of the topic: versions, what changed between them, may another one be registered?"""

from __future__ import annotations

import difflib
import json
from typing import Any

import fastavro

from contract.component import component_of
from contract.errors import InvalidInputError, UnreachableError
from control_center.clients.clients import Clients
from control_center.config import COMPONENT, SUBJECT, TOPIC

SUBJECTS = (SUBJECT, f"{TOPIC}-key")
LONGEST = 100_000


def versions(clients: Clients, subject: str) -> list[dict[str, Any]]:
    """[{version, id, schema (indented JSON), difference (to the version before)}], newest first;
    raises InvalidInputError for another subject, UnreachableError."""
    if subject not in SUBJECTS:
        raise InvalidInputError(COMPONENT, f"use one of the subjects {', '.join(SUBJECTS)}")
    url = f"{clients.settings.schema_registry_url}/subjects/{subject}/versions"
    answer = clients.http.request("GET", url)
    if answer.status_code == 404:
        return []
    if not answer.is_success:
        raise UnreachableError(component_of(url), f"answers {answer.status_code}")
    found: list[dict[str, Any]] = []
    before = ""
    for number in sorted(answer.json()):
        told = clients.http.json(f"{url}/{number}")
        text = json.dumps(json.loads(told["schema"]), indent=2)
        found.append(
            {
                "version": number,
                "id": told["id"],
                "schema": text,
                "difference": difference(before, text) if before else "",
            }
        )
        before = text
    return found[::-1]


def difference(before: str, after: str) -> str:
    """As a unified diff without its heading; empty if nothing differs."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3)
    return "\n".join(list(lines)[2:])


def level(clients: Clients, subject: str) -> str:
    """The compatibility in force for the subject."""
    url = f"{clients.settings.schema_registry_url}/config/{subject}"
    return str(clients.http.json(url, params={"defaultToGlobal": "true"})["compatibilityLevel"])


def check(clients: Clients, subject: str, text: str) -> dict[str, Any]:
    """{compatible, messages} of a schema that is not registered by this. Raises InvalidInputError
    if the text is not an Avro schema, UnreachableError."""
    if subject not in SUBJECTS:
        raise InvalidInputError(COMPONENT, f"use one of the subjects {', '.join(SUBJECTS)}")
    if len(text) > LONGEST:
        raise InvalidInputError(COMPONENT, f"a schema has at most {LONGEST:,} characters")
    try:
        schema = json.loads(text)
    except ValueError as error:
        raise InvalidInputError(COMPONENT, f"not JSON: {error}") from error
    try:
        fastavro.parse_schema(schema)
    except Exception as error:  # fastavro raises whatever the text leads it to
        raise InvalidInputError(
            COMPONENT, f"not an Avro schema: {type(error).__name__} {str(error)[:200]}"
        ) from error
    url = f"{clients.settings.schema_registry_url}/compatibility/subjects/{subject}/versions/latest"
    answer = clients.http.request(
        "POST", url, params={"verbose": "true"}, json={"schema": json.dumps(schema)}
    )
    if answer.status_code == 404:
        return {"compatible": True, "messages": ["the subject has no version yet"]}
    if answer.status_code in (400, 409, 422):
        raise InvalidInputError(COMPONENT, f"the Schema Registry refuses it: {answer.text[:300]}")
    if not answer.is_success:
        raise UnreachableError(component_of(url), f"answers {answer.status_code}")
    told = answer.json()
    return {
        "compatible": bool(told.get("is_compatible")),
        "messages": [str(one) for one in told.get("messages") or []],
    }
