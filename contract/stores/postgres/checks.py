"""The domain of a table's columns as constraints of PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from contract.stores.quoting import quoted
from contract.table.kinds.text import PLACEHOLDER
from contract.table.table import Table

# Of a name in PostgreSQL, in bytes.
LONGEST_NAME = 63
# Debezium's task fails on rows that violate these conditions.
_STRICT = ("has_one_dimension", "has_no_null")
_IS_PLACEHOLDER = f" <> '{PLACEHOLDER}'"


def checks(table: Table) -> dict[str, str]:
    """Name of a constraint → its condition. An error shows only the name. Types and NOT NULL ensure
    the rest of the domain."""
    return {shortened(f"{table.relation}_{name}"): condition for name, condition in _checks(table)}


def strict(table: Table) -> list[str]:
    """Names of the constraints that rows from before must not violate either."""
    return [
        shortened(f"{table.relation}_{name}")
        for name, _ in _checks(table)
        if name.endswith(_STRICT)
    ]


def inside(table: Table) -> str:
    """An SQL condition: is the row inside the domain?"""
    conditions = [f"({condition}) IS NOT FALSE" for condition in checks(table).values()]
    return " AND ".join(conditions) or "true"


def shortened(name: str) -> str:
    """A name that PostgreSQL keeps: a long one ends with a hash."""
    encoded = name.encode()
    if len(encoded) <= LONGEST_NAME:
        return name
    digest = sha256(encoded).hexdigest()[:8]
    return f"{encoded[: LONGEST_NAME - 9].decode(errors='ignore')}_{digest}"


def _checks(table: Table) -> Iterator[tuple[str, str]]:
    """One condition checks all texts: PostgreSQL reads every condition again for each statement."""
    texts = []
    others = []
    for column in table.columns:
        for what, condition in column.checks(quoted(column.name)).items():
            if condition.endswith(_IS_PLACEHOLDER):
                texts.append(condition.removesuffix(_IS_PLACEHOLDER))
            else:
                others.append((f"{column.name}_{what}", condition))
    if texts:
        yield f"text_is_not{PLACEHOLDER}", f"'{PLACEHOLDER}' NOT IN ({', '.join(texts)})"
    yield from others
