"""A type that CREATE TYPE … AS ENUM made, as text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from contract.table.kinds.kind import AvroType, Kind
from contract.table.kinds.text import PLACEHOLDER, unstorable

_IDENTIFIER = r'(?:[a-z_][a-z0-9_$]*|"(?:[^"]|"")+")'
_SPEC = re.compile(rf"enum\(({_IDENTIFIER}\.{_IDENTIFIER})\)")


@dataclass(frozen=True)
class Enum(Kind):
    """enum(public.mood). `name` has the schema and PostgreSQL's quotes. PostgreSQL ensures that a
    value is one of the labels; a new label needs no change of the file."""

    name: str
    cassandra: ClassVar[str] = "text"
    avro: ClassVar[AvroType] = "string"
    is_text: ClassVar[bool] = True

    @classmethod
    def parse(cls, spec: str) -> Enum | None:
        match = _SPEC.fullmatch(spec)
        return cls(match[1]) if match else None

    @property
    def postgres(self) -> str:
        return self.name

    @property
    def spec(self) -> str:
        return f"enum({self.name})"

    def canonical(self, value: Any) -> str:
        return str(value)

    def cause(self, value: Any) -> str | None:
        return unstorable(value)

    def bind(self, value: Any) -> str:
        return str(value)

    def read_postgres(self, column: str) -> str:
        return f"{column}::text"

    def checks(self, column: str) -> dict[str, str]:
        return {f"is_not{PLACEHOLDER}": f"{column}::text <> '{PLACEHOLDER}'"}

    def checks_of_array(self, column: str) -> dict[str, str]:
        """Debezium's schema of such an array has no null."""
        return {"has_no_null": f"array_position({column}, NULL) IS NULL"}
