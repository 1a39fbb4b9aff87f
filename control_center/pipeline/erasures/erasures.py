"""All records of erasures: those of every store together, and written to every store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Protocol

from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.pipeline.erasures.file import ErasuresInFile
from control_center.pipeline.erasures.postgres import ErasuresInPostgres
from control_center.pipeline.erasures.record import Erasure, lost, mark, newest
from control_center.pipeline.erasures.selection import Recorded
from control_center.pipeline.erasures.topic import ErasuresOnTopic

SECRET = "control-center-erasures"


class Store(Protocol):
    """Both methods may raise UnreachableError."""

    def read(self) -> Iterator[Erasure]: ...

    def write(self, records: Iterable[Erasure]) -> None: ...


class Erasures:
    """`postgres`: the store whose record is of the same transaction as the DELETE. `others`: those
    that do not go back in time with it. `secret` returns the secret of the marks; it is asked only
    if there is a mark to make."""

    def __init__(self, postgres: Store, others: Sequence[Store], secret: Callable[[], str]) -> None:
        self._postgres, self._others, self._secret = postgres, others, cache(secret)

    @classmethod
    def of(cls, clients: Clients) -> Erasures:
        return cls(
            ErasuresInPostgres(clients),
            (ErasuresOnTopic(clients), ErasuresInFile.of(clients)),
            lambda: clients.settings.secret(SECRET),
        )

    def mark(self, table: Table, key: str) -> str:
        """Raises SettingsError without the secret."""
        return mark(self._secret(), table, key)

    def known(self, table: Table) -> dict[str, Erasure]:
        """Mark → newest record in any store. Raises UnreachableError."""
        return _of_table(table, (record for store in self._stores() for record in store.read()))

    def lost_in_postgres(self, table: Table) -> dict[str, Erasure]:
        """Mark → records of other stores that PostgreSQL does not have. Raises
        UnreachableError."""
        return lost(self.known(table), _of_table(table, self._postgres.read()))

    def unfinished(self, table: Table) -> dict[str, Erasure]:
        """Mark → records whose command was interrupted, or could not end. Raises
        UnreachableError."""
        records = self.known(table).items()
        return {name: record for name, record in records if record.ended_ms is None}

    def selection(self, table: Table) -> Recorded:
        """The rows of the table that were erased. Raises UnreachableError."""
        return self.of_records(table, self.known(table))

    def of_records(self, table: Table, records: Mapping[str, Erasure]) -> Recorded:
        """The rows of these records."""
        return Recorded(records, lambda key: self.mark(table, key))

    def restore(self, table: Table) -> None:
        """Writes the records that a store has lost, except to PostgreSQL: what it lacks tells that
        it was restored. Raises UnreachableError."""
        known = self.known(table)
        for store in self._others:
            if missing := lost(known, _of_table(table, store.read())):
                store.write(missing.values())

    def announce(self, records: Collection[Erasure]) -> None:
        """Writes them to every store but PostgreSQL, which gets them with the DELETE."""
        for store in self._others:
            store.write(records)

    def withdraw(self, records: Collection[Erasure]) -> None:
        """Takes back records that were announced, after PostgreSQL has refused the DELETE. Records
        of earlier erasures of the same rows stay."""
        self.announce([replace(record, withdrawn=True) for record in records])

    def write(self, records: Collection[Erasure]) -> None:
        """Writes them to every store."""
        if records:
            self.announce(records)
            self._postgres.write(records)

    def _stores(self) -> Iterator[Store]:
        yield self._postgres
        yield from self._others


def _of_table(table: Table, records: Iterable[Erasure]) -> dict[str, Erasure]:
    return newest(record for record in records if record.table == table.name)
