"""float8."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from typing import Any, ClassVar

from contract.table.kinds.kind import AvroType, Fault, Kind

# Doubles are finite; they include -0.0 and subnormal numbers.
LARGEST_DOUBLE = sys.float_info.max


@dataclass(frozen=True)
class Float8(Kind):
    cassandra: ClassVar[str] = "double"
    avro: ClassVar[AvroType] = "double"
    in_key: ClassVar[bool] = False
    faults: ClassVar[tuple[Fault, ...]] = (
        Fault("not a finite number", f"NOT (abs({{event}}) <= {LARGEST_DOUBLE!r}D)"),
    )

    @classmethod
    def parse(cls, type_name: str) -> Float8 | None:
        return cls() if type_name in ("float8", "double precision") else None

    @property
    def postgres(self) -> str:
        return "float8"

    def canonical(self, value: Any) -> str:
        """The shortest text that denotes this double: NaN is equal to NaN, and -0.0 is not 0.0."""
        return repr(float(value))

    def cause(self, value: Any) -> str | None:
        return None if math.isfinite(value) else "not a finite number"

    def bind(self, value: Any) -> float:
        return float(value)

    def checks(self, column: str) -> dict[str, str]:
        return {"is_finite": f"abs({column}) <= {LARGEST_DOUBLE!r}::double precision"}
