"""A column of a table."""

from __future__ import annotations

from dataclasses import dataclass

from contract.table.kinds.kind import Kind


@dataclass(frozen=True)
class Column:
    """`personal`: masked wherever a row is shown rather than processed. `generated`: PostgreSQL
    computes the value, so that nobody writes it. `path`: where an item of the table's source has
    the value, such as `location.city`; "" means `name`."""

    name: str
    kind: Kind
    nullable: bool = False
    personal: bool = False
    generated: bool = False
    path: str = ""

    @property
    def source_path(self) -> str:
        return self.path or self.name

    def cause(self, value: object) -> str | None:
        """Why the column cannot hold this value; None if it can."""
        if value is None:
            return None if self.nullable else "missing"
        return self.kind.cause(value)
