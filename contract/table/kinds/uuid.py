"""uuid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from contract.table.kinds.kind import AvroType, Fault, Kind

# Canonical; for Python and Java.
PATTERN = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@dataclass(frozen=True)
class Uuid(Kind):
    cassandra: ClassVar[str] = "uuid"
    avro: ClassVar[AvroType] = "string"
    faults: ClassVar[tuple[Fault, ...]] = (
        Fault("not a UUID", f"NOT rlike({{event}}, '^{PATTERN}$')"),
    )

    @classmethod
    def parse(cls, type_name: str) -> Uuid | None:
        return cls() if type_name == "uuid" else None

    @property
    def postgres(self) -> str:
        return "uuid"

    def canonical(self, value: Any) -> str:
        return str(value).lower()

    def cause(self, value: Any) -> str | None:
        try:
            UUID(str(value))
        except ValueError:
            return "not a UUID"
        return None

    def bind(self, value: Any) -> UUID:
        return UUID(value)

    def read_postgres(self, column: str) -> str:
        return f"{column}::text"
