"""What the workload does: steps of transactions of statements. Nothing here knows a database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

# Column → value, in a form that PostgreSQL accepts and contract.table.kinds makes canonical.
Row = dict[str, Any]


@dataclass(frozen=True)
class Insert:
    """`by_copy`: by COPY, which logs the rows of a page as one record."""

    rows: tuple[Row, ...]
    by_copy: bool = False


@dataclass(frozen=True)
class Update:
    """The rows of `keys` get `values`; an `id` among them moves the only row to another key."""

    keys: tuple[int, ...]
    values: Row


@dataclass(frozen=True)
class Delete:
    keys: tuple[int, ...]


@dataclass(frozen=True)
class Undone:
    """Statements after a savepoint to which the transaction goes back."""

    statements: tuple[Statement, ...]


Statement = Insert | Update | Delete | Undone


@dataclass(frozen=True)
class Transaction:
    statements: tuple[Statement, ...]
    commits: bool = True


@dataclass(frozen=True)
class Step:
    """`overlap`: the first of two transactions begins first and commits last."""

    number: int
    transactions: tuple[Transaction, ...]
    overlap: bool = False

    @property
    def committed(self) -> tuple[Transaction, ...]:
        return tuple(each for each in self.transactions if each.commits)

    @property
    def changes(self) -> int:
        """Rows that the step changes for good."""
        return sum(changed(each.statements) for each in self.committed)


def changed(statements: Iterable[Statement]) -> int:
    """How many changes of rows they are."""
    return sum(len(keys(each)) for each in effective(statements))


def effective(statements: Iterable[Statement]) -> Iterator[Insert | Update | Delete]:
    """Without those that are undone."""
    for statement in statements:
        if not isinstance(statement, Undone):
            yield statement


def keys(statement: Insert | Update | Delete) -> tuple[int, ...]:
    if isinstance(statement, Insert):
        return tuple(row["id"] for row in statement.rows)
    return statement.keys
