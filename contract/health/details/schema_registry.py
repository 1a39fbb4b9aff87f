"""Details of the Schema Registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.health.details.base import ProbeDetails
from contract.json_record import JsonRecord


@dataclass(frozen=True)
class TableSubject(JsonRecord):
    """`registered`: the subject has a schema. `compatibility`: the level in force for it. `lost`:
    it has no schema, and the topic has messages, which name one."""

    subject: str
    registered: bool
    compatibility: str
    lost: bool = False


@dataclass(frozen=True)
class SchemaRegistryDetails(ProbeDetails):
    """Name of a table → the subject of its values."""

    tables: Mapping[str, TableSubject]
