"""float4 and float8."""

from __future__ import annotations

import math
import struct
import sys
from dataclasses import dataclass
from typing import Any, ClassVar

from contract.table.kinds.kind import AvroType, Fault, Kind

# Floats are finite; they include -0.0 and subnormal numbers.
LARGEST_DOUBLE = sys.float_info.max
LARGEST_FLOAT = 3.4028234663852886e38
# A float of 32 bits has up to 9 significant digits.
_DIGITS = range(1, 10)
_OTHERS = ("NaN", "Infinity", "-Infinity")


@dataclass(frozen=True)
class Float(Kind):
    """The base of the two sizes."""

    in_key: ClassVar[bool] = False
    names: ClassVar[tuple[str, ...]]  # the first one is written

    @classmethod
    def parse(cls, spec: str) -> Float | None:
        return cls() if spec in cls.names else None

    @property
    def postgres(self) -> str:
        return self.names[0]

    def cause(self, value: Any) -> str | None:
        return None if math.isfinite(value) else "not a finite number"

    def bind(self, value: Any) -> float:
        return float(value)

    def checks_of_array(self, column: str) -> dict[str, str]:
        others = " OR ".join(f"'{other}' = ANY ({column})" for other in _OTHERS)
        return {"is_finite": f"NOT ({others})"}


@dataclass(frozen=True)
class Float4(Float):
    cassandra: ClassVar[str] = "float"
    avro: ClassVar[AvroType] = "float"
    names: ClassVar[tuple[str, ...]] = ("float4", "real")
    faults: ClassVar[tuple[Fault, ...]] = (
        Fault("not a finite number", f"NOT (abs({{event}}) <= {LARGEST_FLOAT!r}D)"),
    )

    def canonical(self, value: Any) -> str:
        """The shortest text that denotes this float among all floats of 32 bits."""
        number = _single(float(value))
        for digits in _DIGITS:
            text = f"{number:.{digits}g}"
            if _single(float(text)) == number:
                return repr(float(text))
        return repr(number)

    def checks(self, column: str) -> dict[str, str]:
        return {"is_finite": f"abs({column}) < 'Infinity'::real"}


@dataclass(frozen=True)
class Float8(Float):
    cassandra: ClassVar[str] = "double"
    avro: ClassVar[AvroType] = "double"
    names: ClassVar[tuple[str, ...]] = ("float8", "double precision")
    faults: ClassVar[tuple[Fault, ...]] = (
        Fault("not a finite number", f"NOT (abs({{event}}) <= {LARGEST_DOUBLE!r}D)"),
    )

    def canonical(self, value: Any) -> str:
        """The shortest text that denotes this double: NaN is equal to NaN, and -0.0 is not 0.0."""
        return repr(float(value))

    def checks(self, column: str) -> dict[str, str]:
        return {"is_finite": f"abs({column}) <= {LARGEST_DOUBLE!r}::double precision"}


def _single(number: float) -> float:
    """The nearest float of 32 bits. Raises OverflowError."""
    result: float = struct.unpack("f", struct.pack("f", number))[0]
    return result
