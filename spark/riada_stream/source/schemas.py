"""The schemas that a query knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Schemas:
    """Id in the registry → Avro schema (JSON text), of values and of keys."""

    values: Mapping[int, str]
    keys: Mapping[int, str] = field(default_factory=dict)
