"""text, varchar(n) and char(n)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from contract.table.kinds.kind import AvroType, Kind

# Neither PostgreSQL's text nor UTF-8 can hold these characters.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# Debezium writes this text instead of a value that PostgreSQL has not logged.
PLACEHOLDER = "__debezium_unavailable_value"

_VARCHAR = re.compile(r"(?:varchar|character varying)\((\d+)\)")
_CHAR = re.compile(r"(?:char|character)\((\d+)\)")


@dataclass(frozen=True)
class Text(Kind):
    """`max_length` in characters of up to 4 bytes; None: no limit. `padded`: char(n), which
    PostgreSQL fills with spaces.

    The streaming job checks all texts of a row together (riada_stream/source/texts.py)."""

    max_length: int | None = None
    padded: bool = False
    cassandra: ClassVar[str] = "text"
    avro: ClassVar[AvroType] = "string"

    @classmethod
    def parse(cls, type_name: str) -> Text | None:
        if type_name in ("text", "varchar", "character varying"):
            return cls()
        if match := _VARCHAR.fullmatch(type_name):
            return cls(int(match[1]))
        if match := _CHAR.fullmatch(type_name):
            return cls(int(match[1]), padded=True)
        return None

    @property
    def postgres(self) -> str:
        if self.max_length is None:
            return "text"
        return f"{'char' if self.padded else 'varchar'}({self.max_length})"

    def canonical(self, value: Any) -> str:
        return str(value)

    def cause(self, value: Any) -> str | None:
        if self.max_length is not None and len(value) > self.max_length:
            return f"longer than {self.max_length} characters"
        if UNSTORABLE.search(value):
            return "holds a NUL character or half a surrogate pair"
        if value == PLACEHOLDER:
            return f"{PLACEHOLDER} stands for a value that is not known"
        return None

    def bind(self, value: Any) -> str:
        return str(value)

    def checks(self, column: str) -> dict[str, str]:
        return {f"is_not{PLACEHOLDER}": f"{column} <> '{PLACEHOLDER}'"}
