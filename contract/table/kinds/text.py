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
IS_PLACEHOLDER = "value not in the event (unchanged large value)"  # the reason of its fault
# Cassandra's indexes take values of up to 1,024 bytes, and a character has up to 4.
LONGEST_INDEXED = 255

_TEXTS = ("text", "varchar", "character varying")
_VARCHAR = re.compile(r"(?:varchar|character varying)\((\d+)\)")
_CHAR = re.compile(r"(?:char|character|bpchar)(?:\((\d+)\))?")


@dataclass(frozen=True)
class Text(Kind):
    """`max_length` in characters of up to 4 bytes; None: no limit. `padded`: char(n), which
    PostgreSQL fills with spaces."""

    max_length: int | None = None
    padded: bool = False
    cassandra: ClassVar[str] = "text"
    avro: ClassVar[AvroType] = "string"
    is_text: ClassVar[bool] = True

    @classmethod
    def parse(cls, spec: str) -> Text | None:
        if spec in _TEXTS:
            return cls()
        if match := _VARCHAR.fullmatch(spec):
            return cls(int(match[1]))
        if spec != "bpchar" and (match := _CHAR.fullmatch(spec)):
            return cls(int(match[1] or 1), padded=True)
        return None

    @property
    def postgres(self) -> str:
        if self.max_length is None:
            return "text"
        return f"{'char' if self.padded else 'varchar'}({self.max_length})"

    @property
    def indexable(self) -> bool:
        return self.max_length is not None and self.max_length <= LONGEST_INDEXED

    def canonical(self, value: Any) -> str:
        text = str(value)
        return text.ljust(self.max_length) if self.padded and self.max_length else text

    def cause(self, value: Any) -> str | None:
        if self.max_length is not None and len(value) > self.max_length:
            return f"longer than {self.max_length} characters"
        return unstorable(value)

    def bind(self, value: Any) -> str:
        return self.canonical(value)

    def checks(self, column: str) -> dict[str, str]:
        return {f"is_not{PLACEHOLDER}": f"{column} <> '{PLACEHOLDER}'"}

    def checks_of_array(self, column: str) -> dict[str, str]:
        return {f"is_not{PLACEHOLDER}": f"NOT ('{PLACEHOLDER}' = ANY ({column}))"}

    def copy(self, column: str) -> str:
        return f"{column} || ''"


def unstorable(text: str) -> str | None:
    """Why the stores cannot all hold a text of any length; None if they can."""
    if UNSTORABLE.search(text):
        return "holds a NUL character or half a surrogate pair"
    if text == PLACEHOLDER:
        return f"{PLACEHOLDER} stands for a value that is not known"
    return None
