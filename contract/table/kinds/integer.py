"""int2, int4 and int8."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from contract.table.kinds.kind import AvroType, Kind


@dataclass(frozen=True)
class Integer(Kind):
    """The base of the three sizes."""

    bits: ClassVar[int]
    names: ClassVar[tuple[str, ...]]  # the first one is written

    @classmethod
    def parse(cls, type_name: str) -> Integer | None:
        return cls() if type_name in cls.names else None

    @property
    def postgres(self) -> str:
        return self.names[0]

    @property
    def smallest(self) -> int:
        return -(1 << (self.bits - 1))

    @property
    def largest(self) -> int:
        return (1 << (self.bits - 1)) - 1

    def canonical(self, value: Any) -> int:
        return int(value)

    def cause(self, value: Any) -> str | None:
        fits = self.smallest <= value <= self.largest
        return None if fits else f"does not fit {self.bits} bits"

    def bind(self, value: Any) -> int:
        return int(value)


@dataclass(frozen=True)
class Int4(Integer):
    cassandra: ClassVar[str] = "int"
    avro: ClassVar[AvroType] = "int"
    bits: ClassVar[int] = 32
    names: ClassVar[tuple[str, ...]] = ("int4", "integer", "int", "serial")
