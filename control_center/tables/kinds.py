"""The kind of a column of PostgreSQL's catalog."""

from __future__ import annotations

from contract.table.kinds.error import KindError
from contract.table.kinds.kind import Kind
from contract.table.kinds.parse import parse
from control_center.tables.catalog import CatalogColumn

# The forms that lose nothing, for types whose usual form would.
EXACT = ("bigint", "text")


def kind_of(column: CatalogColumn, form: str = "") -> Kind:
    """`form`: the carried form that the file chooses, such as bigint. Raises KindError, whose text
    names the reason and the choices."""
    return parse(f"{column.type} as {form}" if form else column.type)


def form_of(kind: Kind) -> str:
    """timestamptz as bigint → bigint; "" for a kind without that choice."""
    return kind.spec.partition(" as ")[2]


def exact_form(column: CatalogColumn) -> Kind | None:
    """The first exact form of a type that offers several; None for other types."""
    for form in EXACT:
        try:
            return kind_of(column, form)
        except KindError:
            continue
    return None
