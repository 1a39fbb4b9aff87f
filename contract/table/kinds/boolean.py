"""bool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from contract.table.kinds.kind import AvroType, Kind

_TEXTS = {"true": True, "false": False}


@dataclass(frozen=True)
class Boolean(Kind):
    cassandra: ClassVar[str] = "boolean"
    avro: ClassVar[AvroType] = "boolean"

    @classmethod
    def parse(cls, spec: str) -> Boolean | None:
        return cls() if spec in ("bool", "boolean") else None

    @property
    def postgres(self) -> str:
        return "bool"

    def canonical(self, value: Any) -> bool:
        if isinstance(value, str):
            return _boolean(value)
        if not isinstance(value, bool):
            raise TypeError("not a boolean")
        return value

    def cause(self, value: Any) -> str | None:
        return None if isinstance(value, bool) else "not a boolean"

    def bind(self, value: Any) -> bool:
        return self.canonical(value)

    def postgres_text(self, canonical: Any) -> str:
        return "true" if canonical else "false"


def _boolean(text: str) -> bool:
    if text not in _TEXTS:
        raise ValueError("expected true or false")
    return _TEXTS[text]
