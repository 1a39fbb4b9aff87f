"""A column of a table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from contract.table import key_rule
from contract.table.key_rule import KeyPart
from contract.table.kinds.kind import Fault, Kind


@dataclass(frozen=True)
class Column:
    """`personal`: masked wherever a row is shown rather than processed. `generated`: PostgreSQL
    makes the value (an identity, or a trigger), so that nobody writes it. `path`: where an item of
    the table's source has the value, such as `location.city`; "" means `name`. `part`: of the key;
    Table sets it."""

    name: str
    kind: Kind
    nullable: bool = False
    personal: bool = False
    generated: bool = False
    path: str = ""
    part: KeyPart = KeyPart.NONE

    @property
    def source_path(self) -> str:
        return self.path or self.name

    def cause(self, value: object) -> str | None:
        """Why the column cannot hold this value of PostgreSQL or of Kind.event_value(); None if it
        can."""
        if value is None:
            return None if self.nullable else "missing"
        return self.kind.cause(value) or key_rule.cause(self.kind, self.part, value)

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """What the streaming job looks for in an event's value."""
        return (*self.kind.faults, *key_rule.faults(self.kind, self.part))

    def checks(self, quoted: str) -> dict[str, str]:
        """PostgreSQL's conditions for this column, given its quoted name: what is wrong with other
        values, in words for a constraint's name → the condition."""
        return self.kind.checks(quoted) | key_rule.checks(self.kind, self.part, quoted)
