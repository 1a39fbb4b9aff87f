"""The passes over a table. Each step reads about PAGE rows, and returns the keys that differ."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import NamedTuple

from contract.stores.cassandra.tokens import FIRST_TOKEN, LAST_TOKEN
from control_center.jobs.verification.budget import Clock
from control_center.jobs.verification.claims import Change
from control_center.jobs.verification.equal import is_equal
from control_center.jobs.verification.position import Position
from control_center.jobs.verification.stores import PostgresRow, Row, Snapshot, Stores

PAGE = 1000  # rows
BLOCK_BYTES = 8192
RECENT_S = 12.0  # between two passes over recent changes, at least
REST = 20  # and at least so many times the duration of the query's scan
PASS_S = 20.0  # between the beginnings of two passes over all rows
# More changes than that are left to a pass over all rows, which holds no snapshot open.
MOST_CHANGED = 50_000
MOST_WRAPPED = 2**31  # transactions, beyond which numbers of 32 bits have no order


class Differing(NamedTuple):
    """The rows of one step that differ. `checked`: rows that were compared. `claim`: what is
    claimed once all suspects are settled. `ended`: of a pass over PostgreSQL's blocks: it is
    complete; of one over recent changes: these are too many, so all rows must be read again."""

    keys: list[str]
    checked: int
    claim: Change | None = None
    ended: Snapshot | None = None


class RecentPass:
    """The rows that PostgreSQL has changed since the former pass."""

    def __init__(self, stores: Stores, since: Snapshot, clock: Clock) -> None:
        self._stores, self._clock = stores, clock
        self._since = since  # of the newest complete pass, whose claim may still wait
        self._open: ExitStack | None = None
        self._due = 0.0

    def step(self) -> Differing | None:
        """None if no pass is due. Raises UnreachableError."""
        if self._open is None:
            if self._clock.monotonic() < self._due:
                return None
            self._begin()
        try:
            rows = None if self._are_too_many else next(self._changes.parts, None)
            if rows is not None:
                return compare(self._stores, rows)
        except BaseException:
            self.close()
            raise
        self.close()
        self._since = snapshot = self._changes.snapshot
        self._due = max(self._due, self._clock.monotonic() + RECENT_S / 2)
        if self._are_too_many:
            return Differing([], 0, lambda at: _begun_again(at, snapshot), snapshot)
        return Differing([], 0, lambda at: _concluded(_with(at, snapshot)))

    def close(self) -> None:
        """Ends the transaction of a pass that is not complete."""
        if self._open is not None:
            self._open.close()
        self._open = None

    def _begin(self) -> None:
        began = self._clock.monotonic()
        with ExitStack() as stack:
            self._changes = stack.enter_context(self._stores.changed(self._since))
            self._open = stack.pop_all()
        # The numbers have no order if PostgreSQL went back in time, or after 2^31 transactions.
        later = self._changes.snapshot.xmax - self._since.xmax
        self._are_too_many = self._changes.total > MOST_CHANGED or not 0 <= later < MOST_WRAPPED
        self._due = began + max(RECENT_S, REST * (self._clock.monotonic() - began))


class BlockPass:
    """All rows of PostgreSQL, in the order of its file. Rows that move are recent changes."""

    weight = 1.0

    def __init__(self, stores: Stores, position: Position, clock: Clock) -> None:
        self._stores, self._clock = stores, clock
        self._next: int | None = position.next_block
        self._end, self._began = position.end_block, position.rows_began
        self._file = position.file
        self._at_once, self._due = 4, 0.0

    def restart(self, snapshot: Snapshot) -> None:
        """Begins with the first block that this snapshot has."""
        self._next, self._end = 0, snapshot.blocks
        self._began, self._file = snapshot.at, snapshot.file

    def step(self) -> Differing | None:
        """None if no pass is due. Raises UnreachableError."""
        now = self._clock.monotonic()
        if self._next is None:
            if now < self._due:
                return None
            snapshot = self._stores.snapshot()
            self.restart(snapshot)
            self._due = now + PASS_S
            return Differing([], 0, lambda at: _rows_begun(at, snapshot))
        start = self._next
        if start >= self._end:
            ended, began = self._stores.snapshot(), self._began
            if ended.file != self._file:  # VACUUM FULL, for example, has moved rows
                self.restart(ended)
                return Differing([], 0, lambda at: _rows_begun(at, ended))
            self._next = None
            return Differing([], 0, lambda at: _rows_passed(at, began, ended.at), ended)
        end = min(self._end, start + self._at_once)
        rows = self._stores.blocks(start, end)
        differing = compare(self._stores, rows)
        self._at_once = blocks_at_once(end - start, len(rows))
        self._next = end
        return differing._replace(claim=lambda at: replace(at, next_block=end))


class TokenPass:
    """All keys of Cassandra, in the order of their tokens. It costs less, and proves deletes, which
    no pass over recent changes sees. Each range of tokens was read last in this pass or in the
    former one, so a part of a pass already makes the claim of the former one newer."""

    weight = 3.0

    def __init__(self, stores: Stores, position: Position, clock: Clock) -> None:
        self._stores, self._clock = stores, clock
        self._token: int | None = position.token
        self._end, self._span = position.token, 0
        self._pages: Iterator[Sequence[Row]] = iter(())
        self._due = 0.0
        # PostgreSQL's clock at the beginning, and this process's: the times of the ranges.
        self._began, self._began_here = position.tokens_began, clock.monotonic()
        self._reads_began = position.tokens_began
        self._former: deque[Range] = deque()
        self._read: deque[Range] = deque()

    def step(self) -> Differing | None:
        """None if no pass is due. Raises UnreachableError."""
        now = self._clock.monotonic()
        if self._token is None:
            return self._begin(now) if now >= self._due else None
        try:
            keys = next(self._pages, None)
            if keys is not None:
                return Differing(self._stores.unknown_to_postgres(keys), len(keys))
        except BaseException:
            self._pages, self._end = iter(()), self._token  # read this part again
            raise
        return self._next_range(now)

    def _begin(self, now: float) -> Differing:
        snapshot = self._stores.snapshot()
        self._token = self._end = FIRST_TOKEN
        self._began, self._began_here, self._span = snapshot.at, now, span_of(snapshot)
        self._due = now + PASS_S
        return Differing([], 0, lambda at: _tokens_begun(at, snapshot))

    def _next_range(self, now: float) -> Differing:
        assert self._token is not None
        token = self._end
        if token > self._token:
            self._read.append(Range(token, self._reads_began))
        self._token = token
        if token >= LAST_TOKEN:
            began, self._token = self._began, None
            self._former, self._read = self._read, deque()
            return Differing([], 0, lambda at: _tokens_passed(at, began))
        while self._former and self._former[0].end <= token:
            self._former.popleft()
        since = self._former[0].at if self._former else None
        self._span = self._span or span_of(self._stores.snapshot())
        self._end = min(LAST_TOKEN, token + self._span)
        self._reads_began = self._began + now - self._began_here
        self._pages = self._stores.keys_in_cassandra(token, self._end)
        return Differing([], 0, lambda at: _tokens_read(at, token, since))


class Range(NamedTuple):
    """Tokens up to `end`, whose keys were read since `at`."""

    end: int
    at: float


def compare(stores: Stores, rows: Mapping[str, PostgresRow]) -> Differing:
    """Raises UnreachableError."""
    held = stores.in_cassandra(rows.keys())
    differing = [
        key
        for key, (row, _) in rows.items()
        if key not in held or not is_equal(stores.table, row, held[key].row)
    ]
    return Differing(differing, len(rows))


def blocks_at_once(blocks: int, rows: int) -> int:
    """How many blocks have about PAGE rows, given how many rows some blocks had."""
    return max(1, min(blocks * 4, 4096, blocks * PAGE // max(1, rows)))


def span_of(snapshot: Snapshot) -> int:
    """A range of tokens with about PAGE rows."""
    rows = snapshot.blocks * BLOCK_BYTES / max(64.0, snapshot.row_bytes)
    return (LAST_TOKEN - FIRST_TOKEN) // max(1, math.ceil(rows / PAGE)) + 1


def _with(at: Position, snapshot: Snapshot) -> Position:
    return replace(at, xmin=snapshot.xmin, xmax=snapshot.xmax, at=snapshot.at)


def _begun_again(at: Position, snapshot: Snapshot) -> Position:
    """Only a pass over all rows can see the changes until this snapshot."""
    return replace(_rows_begun(_with(at, snapshot), snapshot), covered=False)


def _rows_begun(at: Position, snapshot: Snapshot) -> Position:
    return replace(
        at,
        rows_began=snapshot.at,
        next_block=0,
        end_block=snapshot.blocks,
        file=snapshot.file,
    )


def _rows_passed(at: Position, began: float, ended: float) -> Position:
    """The next pass has not begun: a restart begins it."""
    took = max(0.0, ended - began)
    return _concluded(replace(at, covered=True, rows_since=began, pass_s=took))


def _tokens_begun(at: Position, snapshot: Snapshot) -> Position:
    return replace(at, tokens_began=snapshot.at, token=FIRST_TOKEN)


def _tokens_read(at: Position, token: int, since: float | None) -> Position:
    """`since`: when the former pass read the tokens behind this one; None: it is not known."""
    if since is None or at.deletes_through is None:
        return replace(at, token=token)
    return _concluded(replace(at, token=token, deletes_through=max(at.deletes_through, since)))


def _tokens_passed(at: Position, began: float) -> Position:
    return _concluded(replace(at, deletes_through=max(began, at.deletes_through or began)))


def _concluded(at: Position) -> Position:
    if not at.covered or at.deletes_through is None or at.differences or at.uncounted:
        return at
    return replace(at, through=max(at.through or 0.0, min(at.at, at.deletes_through)))
