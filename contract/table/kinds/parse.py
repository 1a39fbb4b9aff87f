"""The kind of a type by its name in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable

from contract.table.kinds.float import Float8
from contract.table.kinds.integer import Int4
from contract.table.kinds.kind import Kind
from contract.table.kinds.text import Text
from contract.table.kinds.timestamptz import Timestamptz
from contract.table.kinds.uuid import Uuid

PARSERS: tuple[Callable[[str], Kind | None], ...] = (
    Uuid.parse,
    Text.parse,
    Int4.parse,
    Float8.parse,
    Timestamptz.parse,
)


class KindError(ValueError):
    """A type that cannot be carried. The text names the reason and the choices."""


def parse(type_name: str) -> Kind:
    """The kind of varchar(255) or character varying(255). Raises KindError."""
    for parser in PARSERS:
        if kind := parser(type_name):
            return kind
    raise KindError(f"{type_name}: no kind carries this type")
