"""int2, int4 and int8."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from contract.table.kinds.kind import AvroType, Fault, Kind


@dataclass(frozen=True)
class Integer(Kind):
    """The base of the three sizes."""

    bits: ClassVar[int]
    names: ClassVar[tuple[str, ...]]  # the first one is written

    @classmethod
    def parse(cls, spec: str) -> Integer | None:
        return cls() if spec in cls.names else None

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
class Int2(Integer):
    """Avro has no type of 16 bits."""

    cassandra: ClassVar[str] = "smallint"
    avro: ClassVar[AvroType] = "int"
    bits: ClassVar[int] = 16
    names: ClassVar[tuple[str, ...]] = ("int2", "smallint", "smallserial")
    faults: ClassVar[tuple[Fault, ...]] = (
        Fault("does not fit 16 bits", "NOT ({event} BETWEEN -32768 AND 32767)"),
    )

    def spark(self, event: str) -> str:
        return f"cast({event} as smallint)"


@dataclass(frozen=True)
class Int4(Integer):
    cassandra: ClassVar[str] = "int"
    avro: ClassVar[AvroType] = "int"
    bits: ClassVar[int] = 32
    names: ClassVar[tuple[str, ...]] = ("int4", "integer", "int", "serial")


@dataclass(frozen=True)
class Int8(Integer):
    cassandra: ClassVar[str] = "bigint"
    avro: ClassVar[AvroType] = "long"
    bits: ClassVar[int] = 64
    names: ClassVar[tuple[str, ...]] = ("int8", "bigint", "bigserial")
