"""The steps of a seed, and the rows that exist after them. Both follow from the seed alone."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.harness.workload import values
from tests.harness.workload.rows import Rows
from tests.harness.workload.step import (
    Delete,
    Insert,
    Row,
    Statement,
    Step,
    Transaction,
    Undone,
    Update,
)

# About as many rows as the table holds once it has grown.
ROWS = 4_000
FEW = 200
COPIED = 100
# Rows that show how far the workload was delivered: each step changes one, in turn. A comparison
# cannot find a row equal that changes more often than the comparison reads it.
MARKERS = 512

Plan = Callable[[random.Random], tuple[Transaction, ...]]


class Model:
    """`steps`: how many are planned. `added_from`: the step from which the added column has values;
    None while the column does not exist."""

    def __init__(self, seed: str, added_from: int | None = None) -> None:
        self.seed = seed
        self.added_from = added_from
        self.rows = Rows()
        self.steps = 0
        self.changes = 0
        self._next_key = 0

    def next(self) -> Step:
        """Plan the next step, and apply it to the rows."""
        chance = random.Random(f"{self.seed} {self.steps}")
        plan = self._choose(chance)
        transactions = list(plan(chance))
        overlap = plan == self._overlap
        place = 0 if overlap else len(transactions) - 1
        last = transactions[place]
        transactions[place] = Transaction((*last.statements, self._marker(chance)))
        self.rows.apply(transactions[place].statements[-1:])
        step = Step(self.steps, tuple(transactions), overlap)
        self.steps += 1
        self.changes += step.changes
        return step

    def advance(self, steps: int) -> None:
        """Plan until `steps` steps are done."""
        while self.steps < steps:
            self.next()

    def _choose(self, chance: random.Random) -> Plan:
        size = len(self.rows)
        if size < FEW:
            return self._insert
        if size > ROWS:
            return self._delete
        plans: dict[Plan, int] = {
            self._insert: 6, self._update: 8, self._delete: 3, self._repeat: 4, self._burst: 2,
            self._overlap: 4, self._copy: 1, self._move: 3, self._rollback: 2, self._savepoint: 2,
        }  # fmt: skip
        return chance.choices(list(plans), list(plans.values()))[0]

    # --- plans: each applies what it commits ---------------------------------------------------

    def _insert(self, chance: random.Random) -> tuple[Transaction, ...]:
        return (self._commit(Insert(self._new(chance, chance.randint(1, 20)))),)

    def _copy(self, chance: random.Random) -> tuple[Transaction, ...]:
        return (self._commit(Insert(self._new(chance, COPIED), by_copy=True)),)

    def _update(self, chance: random.Random) -> tuple[Transaction, ...]:
        chosen = self.rows.choose(chance, chance.randint(1, 12))
        return (self._commit(Update(chosen, self._some(chance))),)

    def _delete(self, chance: random.Random) -> tuple[Transaction, ...]:
        return (self._commit(Delete(self.rows.choose(chance, chance.randint(1, 30)))),)

    def _repeat(self, chance: random.Random) -> tuple[Transaction, ...]:
        """Several changes of one key in one transaction; the last one counts."""
        [old] = self.rows.choose(chance, 1)
        [new] = self._new(chance, 1)
        again = self._row(chance, old)
        statements: tuple[Statement, ...] = (
            Insert((new,)),
            Update((new["id"],), self._some(chance)),
            Update((old,), self._some(chance)),
            Delete((old,)),
            Insert((again,)),
            Update((old,), self._some(chance)),
        )
        ending: tuple[Statement, ...] = (Delete((new["id"],)),) if chance.random() < 0.5 else ()
        return (self._commit(*statements, *ending),)

    def _burst(self, chance: random.Random) -> tuple[Transaction, ...]:
        """Several transactions on one key, which one batch of the stream mostly holds."""
        [key] = self.rows.choose(chance, 1)
        changes = [self._commit(Update((key,), self._some(chance))) for _ in range(3)]
        if chance.random() < 0.5:
            return tuple(changes)
        return (
            *changes,
            self._commit(Delete((key,))),
            self._commit(Insert((self._row(chance, key),))),
        )

    def _overlap(self, chance: random.Random) -> tuple[Transaction, ...]:
        """Two transactions that are open at once, on different keys."""
        chosen = self.rows.choose(chance, 8)
        first = self._commit(
            Update(chosen[:2], self._some(chance)),
            Insert(self._new(chance, 3)),
            Delete(chosen[2:4]),
        )
        second = self._commit(
            Insert(self._new(chance, 2)),
            Update(chosen[4:6], self._some(chance)),
            Delete(chosen[6:]),
        )
        return first, second

    def _move(self, chance: random.Random) -> tuple[Transaction, ...]:
        """Rows get other keys; one of them a key that a row of this transaction had."""
        first, second = self.rows.choose(chance, 2)
        return (
            self._commit(
                Update((first,), {"id": self._key()} | self._some(chance)),
                Update((second,), {"id": first}),
            ),
        )

    def _rollback(self, chance: random.Random) -> tuple[Transaction, ...]:
        chosen = self.rows.choose(chance, 4)
        lost = Transaction(
            (
                Update(chosen[:2], self._some(chance)),
                Delete(chosen[2:]),
                Insert(self._new(chance, 3)),
            ),
            commits=False,
        )
        return lost, self._commit(Update(chosen[:1], self._some(chance)))

    def _savepoint(self, chance: random.Random) -> tuple[Transaction, ...]:
        chosen = self.rows.choose(chance, 3)
        undone = Undone((Update(chosen, self._some(chance)), Delete(chosen[:1])))
        return (
            self._commit(
                Update(chosen[:1], self._some(chance)),
                undone,
                Update(chosen[1:], self._some(chance)),
            ),
        )

    # --- parts of plans ------------------------------------------------------------------------

    def _commit(self, *statements: Statement) -> Transaction:
        self.rows.apply(statements)
        return Transaction(statements)

    def _marker(self, chance: random.Random) -> Statement:
        key = -1 - self.steps % MARKERS
        if self.steps < MARKERS:
            return Insert((self._row(chance, key),))
        return Update((key,), {"step": self.steps})

    def _new(self, chance: random.Random, count: int) -> tuple[Row, ...]:
        return tuple(self._row(chance, self._key()) for _ in range(count))

    def _key(self) -> int:
        self._next_key += 1
        return self._next_key

    def _row(self, chance: random.Random, key: int) -> Row:
        return {"id": key} | values.values(chance, self.steps, self._with_added)

    def _some(self, chance: random.Random) -> Row:
        return values.some(chance, self.steps, self._with_added)

    @property
    def _with_added(self) -> bool:
        return self.added_from is not None and self.steps >= self.added_from
