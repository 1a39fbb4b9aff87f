"""The users table as releases made it before there were constraints and triggers."""

from __future__ import annotations

from tests.harness.platform import Platform
from tests.harness.superuser import apply_tables, change, execute


class UnguardedTable:
    """Within the context the table has no constraint and no trigger.

    `warnings`: what PostgreSQL warns of when the exit applies the tables again.
    """

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def __enter__(self) -> None:
        drops = execute(
            self._platform,
            "SELECT format('ALTER TABLE public.users DROP CONSTRAINT %I;', conname)"
            " FROM pg_constraint WHERE conrelid = 'public.users'::regclass AND contype = 'c';\n"
            "SELECT format('DROP TRIGGER %I ON public.users;', tgname)"
            " FROM pg_trigger WHERE tgrelid = 'public.users'::regclass AND NOT tgisinternal;",
        )
        change(self._platform, drops)

    def __exit__(self, *_: object) -> None:
        self.warnings = apply_tables(self._platform)
