"""Arrays, as JSON text.

Cassandra's collections cannot hold null, and an array of PostgreSQL can: frozen<list<…>> would
refuse rows that PostgreSQL accepts. JSON holds null and has one form for every element.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, ClassVar

from contract.table.kinds.bytea import Bytea
from contract.table.kinds.error import KindError
from contract.table.kinds.float import Float
from contract.table.kinds.interval import Interval
from contract.table.kinds.json import Json
from contract.table.kinds.kind import AvroType, Fault, Kind
from contract.table.kinds.microseconds import Microseconds
from contract.table.kinds.numeric import Numeric
from contract.table.kinds.text import IS_PLACEHOLDER, PLACEHOLDER
from contract.table.kinds.time import Time

BRACKETS = "[]"
# Debezium omits arrays of interval, and Spark's JSON has no exact form for the others.
_NO_ELEMENTS = (Bytea, Interval, Json, Microseconds)
JSONB = "jsonb that holds a JSON array"
# java.sql.Time has milliseconds.
_DIGITS_OF_TIME = 3


@dataclass(frozen=True)
class Array(Kind):
    """An array of one dimension whose first element has the number 1. The canonical form is a JSON
    array of the elements' canonical forms: [1,null,2]."""

    element: Kind
    cassandra: ClassVar[str] = "text"
    in_key: ClassVar[bool] = False

    @classmethod
    def of(cls, element: Kind, spec: str) -> Array:
        """Raises KindError."""
        if isinstance(element, (*_NO_ELEMENTS, Array)):
            reason = f"an array of {element.postgres} has no exact form in the event"
            raise KindError(spec, reason, JSONB)
        if isinstance(element, Time) and element.precision > _DIGITS_OF_TIME:
            raise KindError(
                spec,
                "Debezium reads the times of an array with milliseconds only",
                f"time({_DIGITS_OF_TIME}){BRACKETS}",
                JSONB,
            )
        if element == Numeric():
            raise KindError(
                spec,
                "PostgreSQL cannot check the digits of each number",
                f"numeric(p, s){BRACKETS}",
                JSONB,
            )
        return cls(element)

    @property
    def avro(self) -> AvroType:
        return {"type": "array", "items": ["null", self.element.avro]}

    @property
    def postgres(self) -> str:
        return self.element.postgres + BRACKETS

    @property
    def spec(self) -> str:
        return self.element.spec + BRACKETS

    @property
    def indexable(self) -> bool:
        return False

    @property
    def faults(self) -> tuple[Fault, ...]:
        elements = tuple(
            Fault(
                fault.reason,
                f"exists({{event}}, x -> x IS NOT NULL AND ({self._element(fault)}))",
            )
            for fault in self.element.faults
        )
        if not self.element.is_text:
            return elements
        placeholder = Fault(
            IS_PLACEHOLDER,
            f"coalesce(array_contains({{event}}, '{PLACEHOLDER}'), false)",
        )
        return (*elements, placeholder)

    def event_value(self, value: Any) -> list[Any]:
        return [None if item is None else self.element.event_value(item) for item in value]

    def canonical(self, value: Any) -> str:
        """A text is JSON."""
        items = _parsed(value) if isinstance(value, str) else value
        forms = [None if item is None else self.element.canonical(item) for item in items]
        return json.dumps(forms, ensure_ascii=False, separators=(",", ":"))

    def cause(self, value: Any) -> str | None:
        for item in _parsed(value) if isinstance(value, str) else value:
            if isinstance(item, list):
                return "has more than one dimension"
            if item is not None and (cause := self.element.cause(self._number(item))):
                return f"an element: {cause}"
        return None

    def bind(self, value: Any) -> str:
        return self.canonical(value)

    def postgres_text(self, canonical: Any) -> str:
        """PostgreSQL's form of an array: {"1",NULL}."""
        items = [
            "NULL" if item is None else _quoted(self.element.postgres_text(item))
            for item in json.loads(canonical)
        ]
        return f"{{{','.join(items)}}}"

    def read_postgres(self, column: str) -> str:
        return f"array_to_json({column})::text"

    def spark(self, event: str) -> str:
        return f"to_json(transform({event}, x -> {self.element.spark('x')}))"

    def checks(self, column: str) -> dict[str, str]:
        """An empty array has no dimension, so that the first condition is null."""
        dimension = f"array_ndims({column}) = 1 AND array_lower({column}, 1) = 1"
        return {"has_one_dimension": dimension} | self.element.checks_of_array(column)

    def copy(self, column: str) -> str:
        return f"{column}::text::{self.postgres}"

    def _element(self, fault: Fault) -> str:
        return fault.sql("x", self.element.spark("x"))

    def _number(self, item: Any) -> Any:
        """Fractions of a JSON text are texts here."""
        return float(item) if isinstance(self.element, Float) else item


def _parsed(text: str) -> list[Any]:
    """Fractions are texts, so that no digit is lost. Raises ValueError for text that is not a JSON
    array."""
    items = json.loads(text, parse_float=str, parse_int=_integer)
    if not isinstance(items, list):
        raise ValueError("expected a JSON array")
    return items


def _integer(digits: str) -> int | str:
    """-0 is a float, whose sign an int does not keep."""
    return digits if digits == "-0" else int(digits)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
