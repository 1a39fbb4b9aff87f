"""The users table as releases made it before there were constraints and triggers."""

from __future__ import annotations

from contract.stores.postgres.table import qualified
from contract.table.table import Table
from tests.harness.platform import Platform
from tests.harness.superuser import apply_tables, change, execute
from tests.harness.tables import USERS


class UnguardedTable:
    """Within the context the table has no constraint and no trigger.

    `warnings`: what PostgreSQL warns of when the exit applies the tables again.
    """

    def __init__(self, platform: Platform, table: Table = USERS) -> None:
        self._platform = platform
        self._table = qualified(table)

    def __enter__(self) -> None:
        oid = f"'{self._table}'::regclass"
        drops = execute(
            self._platform,
            f"SELECT format('ALTER TABLE {self._table} DROP CONSTRAINT %I;', conname)"
            f" FROM pg_constraint WHERE conrelid = {oid} AND contype = 'c';\n"
            f"SELECT format('DROP TRIGGER %I ON {self._table};', tgname)"
            f" FROM pg_trigger WHERE tgrelid = {oid} AND NOT tgisinternal;",
        )
        change(self._platform, drops)

    def __exit__(self, *_: object) -> None:
        self.warnings = apply_tables(self._platform)
