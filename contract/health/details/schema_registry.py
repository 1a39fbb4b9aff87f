"""Details of the Schema Registry."""

from __future__ import annotations

from dataclasses import dataclass

from contract.health.details.base import ProbeDetails


@dataclass(frozen=True)
class SchemaRegistryDetails(ProbeDetails):
    """`compatibility`: the level in force for the subject. `version` and `id` of its newest schema,
    None before the first."""

    subject: str
    compatibility: str
    version: int | None = None
    id: int | None = None
