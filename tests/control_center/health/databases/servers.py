"""A server in memory, and the database shop with one table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from contract.errors import UnreachableError
from contract.stores.postgres.capture_schema import PUBLISHED, RIGHTS
from contract.table import folder
from contract.table.database import Database
from contract.table.table import Table
from control_center.health.databases.facts import Publication, ServerFacts, TableFacts

LINES = """\
schema = "sales"
key = ["id"]

[columns]
id = "int8"
amount = "numeric(10,2)"
"""
# Debezium needs a constraint of lists, and large values are kept apart from their row.
NOTES = 'key = ["id"]\n[columns]\nid = "int8"\nnote = "text null"\nmarks = "int4[] null"\n'
FILES = {
    "shop/database.toml": 'database = "sales"\ntls = false\n',
    "shop/lines.toml": LINES,
    "shop/notes.toml": NOTES,
}
DEFINITIONS = folder.read(FILES)
SHOP = DEFINITIONS.databases["shop"]
TABLES = DEFINITIONS.tables

RIGHTS_HELD = {name: frozenset(rights.split(", ")) for name, rights in RIGHTS.items()}


def facts(**changed: object) -> ServerFacts:
    """A server that lacks nothing, apart from what is changed."""
    checks = frozenset({"notes_marks_has_one_dimension"})
    complete: dict[str, object] = {
        "version": "15.9",
        "rights": RIGHTS_HELD,
        "publication": Publication(own=frozenset(PUBLISHED)),
        "tables": {"lines": TableFacts("f"), "notes": TableFacts("f", constraints=checks)},
    }
    return ServerFacts(**complete | changed)  # type: ignore[arg-type]


@dataclass
class MemoryServer:
    """`answer`: None while the server is away."""

    answer: ServerFacts | None = field(default_factory=facts)
    cause: str = "refuses connections"

    def facts(self, database: Database, tables: Iterable[Table]) -> ServerFacts:
        if self.answer is None:
            raise UnreachableError(database.name, self.cause)
        return self.answer
