"""json and jsonb, as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from contract.table.kinds.kind import AvroType, Kind
from contract.table.kinds.text import unstorable


@dataclass(frozen=True)
class Json(Kind):
    """The text that PostgreSQL keeps is carried and compared letter by letter: for json what was
    written, for jsonb PostgreSQL's own form."""

    name: str = "jsonb"
    cassandra: ClassVar[str] = "text"
    avro: ClassVar[AvroType] = "string"
    in_key: ClassVar[bool] = False
    is_text: ClassVar[bool] = True

    @classmethod
    def parse(cls, spec: str) -> Json | None:
        return cls(spec) if spec in ("json", "jsonb") else None

    @property
    def postgres(self) -> str:
        return self.name

    @property
    def indexable(self) -> bool:
        return False

    def canonical(self, value: Any) -> str:
        if not isinstance(value, str):
            raise TypeError("expected JSON as text")
        return value

    def cause(self, value: Any) -> str | None:
        return unstorable(value)

    def bind(self, value: Any) -> str:
        return self.canonical(value)

    def read_postgres(self, column: str) -> str:
        """Text: psycopg2 would parse it."""
        return f"{column}::text"

    def copy(self, column: str) -> str:
        return f"{column}::text::{self.name}"
