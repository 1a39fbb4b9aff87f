"""numeric and numeric(p, s)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from contract.table.kinds.error import KindError
from contract.table.kinds.kind import AvroType, Fault, Kind

_NAME = re.compile(r"(?:numeric|decimal)(?:\((\d+)(?:, ?(-?\d+))?\))?")
# The digits that numeric(p, s) may have. A numeric without (p, s) may have more in PostgreSQL, but
# Python cannot read more than 4,300 digits from Cassandra.
MOST_DIGITS = 1000
_FAULT = "not a number of up to 1000 digits"


@dataclass(frozen=True)
class Numeric(Kind):
    """Without a precision each value has a scale of its own, which Cassandra's decimal keeps: 1.10
    stays 1.10. PostgreSQL considers 1.10 equal to 1.1 and Cassandra does not, so that such a column
    cannot be in the key. The event has decimal text."""

    precision: int | None = None
    scale: int = 0
    cassandra: ClassVar[str] = "decimal"
    avro: ClassVar[AvroType] = "string"
    faults: ClassVar[tuple[Fault, ...]] = (
        Fault(_FAULT, "NOT rlike({event}, '^-?[0-9]{1,1000}([.][0-9]{1,1000})?$')"),
    )

    @classmethod
    def parse(cls, spec: str) -> Numeric | None:
        match = _NAME.fullmatch(spec)
        if not match:
            return None
        precision, scale = match.groups()
        if precision is None:
            return cls()
        if not 0 <= int(scale or 0) <= int(precision) <= MOST_DIGITS:
            raise KindError(
                spec,
                "its scale is outside its digits, which Debezium does not represent",
                "numeric",
                "numeric(p, s) with a scale from 0 to p",
            )
        return cls(int(precision), int(scale or 0))

    @property
    def in_key(self) -> bool:
        return self.precision is not None

    @property
    def postgres(self) -> str:
        return "numeric" if self.precision is None else f"numeric({self.precision},{self.scale})"

    def canonical(self, value: Any) -> str:
        """1.10, never 11E-1."""
        number = self._number(value)
        return format(number, "f") if number.is_finite() else str(number)

    def cause(self, value: Any) -> str | None:
        try:
            number = self._number(value)
        except (TypeError, ValueError):
            return _FAULT
        if not number.is_finite():
            return "not a finite number"
        whole = number.adjusted() + 1
        fraction = max(0, -int(number.as_tuple().exponent))
        most = MOST_DIGITS if self.precision is None else self.precision - self.scale
        fits = (number == 0 or whole <= most) and fraction <= (
            MOST_DIGITS if self.precision is None else self.scale
        )
        return None if fits else f"does not fit {self.postgres}"

    def bind(self, value: Any) -> Decimal:
        return self._number(value)

    def checks(self, column: str) -> dict[str, str]:
        if self.precision is not None:
            return {"is_a_number": f"{column} <> 'NaN'"}
        limit = f"abs({column}) < ('1e' || {MOST_DIGITS})::numeric"
        return {"has_up_to_1000_digits": f"{limit} AND scale({column}) <= {MOST_DIGITS}"}

    def checks_of_array(self, column: str) -> dict[str, str]:
        return {"are_numbers": f"NOT ('NaN' = ANY ({column}))"}

    def copy(self, column: str) -> str:
        return f"{column} + 0"

    def _number(self, value: Any) -> Decimal:
        """The number with the column's scale. Raises ValueError."""
        if isinstance(value, float):
            raise ValueError("a float has no exact decimal digits")
        try:
            number = Decimal(value)
        except (InvalidOperation, TypeError) as error:
            raise ValueError("not a decimal number") from error
        if self.precision is None or not number.is_finite():
            return number
        return _rescaled(number, self.scale)


def _rescaled(number: Decimal, scale: int) -> Decimal:
    """1.5 with scale 2 → 1.50. A number with more digits keeps them: nothing is rounded."""
    sign, digits, exponent = number.as_tuple()
    missing = int(exponent) + scale
    if missing <= 0:
        return number
    return Decimal((sign, digits + (0,) * missing, -scale))
