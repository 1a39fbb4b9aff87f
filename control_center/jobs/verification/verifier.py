"""The verification of one table, in steps of about PAGE rows.

Three passes repeat: over the rows that PostgreSQL has changed since the former pass; over all rows
of PostgreSQL, by blocks; over all keys of Cassandra, by tokens. The first two read Cassandra by
key, and find missing, stale and changed rows; the third one reads PostgreSQL by key, and finds rows
that it does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from contract.health.details.verification import TableVerification
from control_center.jobs.verification.budget import Clock
from control_center.jobs.verification.claims import Claims
from control_center.jobs.verification.differences import Differences
from control_center.jobs.verification.passes import BlockPass, Differing, RecentPass, TokenPass
from control_center.jobs.verification.position import Position
from control_center.jobs.verification.report import report
from control_center.jobs.verification.settle import Round, Verdict, sight
from control_center.jobs.verification.stores import Stores

IDENTITY_S = 15.0
RECHECK_S = 10.0
GAPS_S = 20.0
POLL_S = 2.0  # of a barrier
SETTLE_AFTER_S = 3.0  # most rows have arrived by then
ROUND = 1000  # rows
RECHECKED = 500  # rows
ROUND_LIMIT_S = 600.0  # a topic that was made again never reaches the old one's end
CONFIRM_AFTER_S = 60.0  # so that alerts fire first
SAVED_S = 0.5
MOST_SUSPECTS = 20_000  # then the passes wait

T = TypeVar("T")


class TableVerifier:
    """`position`: of a former process."""

    def __init__(self, stores: Stores, clock: Clock, position: Position | None = None) -> None:
        self._stores, self._clock = stores, clock
        self._known = position
        self._due: dict[str, float] = {}
        self._round: Round | None = None
        self._round_until = self._confirmed = 0.0
        self.claims: Claims | None = None

    def step(self) -> bool:
        """Does the next part of the work; False if nothing is due. Raises UnreachableError."""
        if self._is_due("identity", IDENTITY_S):
            self._begin_or_go_on()
            return True
        if self.claims is None:
            return False
        works: tuple[Callable[[], bool], ...] = (
            self._settle,
            self._recheck,
            self._look_for_gaps,
            self._pass,
        )
        has_worked = any(work() for work in works)
        self._confirm()
        return has_worked

    def report(self, busy_s: float = 0.0, error: str = "") -> TableVerification | None:
        """None before the first step."""
        if self.claims is None:
            return None
        return report(self.claims.position, self._clock.time(), busy_s, error)

    def close(self) -> None:
        """Ends what is under way, for example after an error; the next step begins it again."""
        self._round = None
        if self.claims is not None:
            self._recent.close()

    def _begin_or_go_on(self) -> None:
        identity, known = self._stores.identity(), self._known
        if self.claims is not None:
            known = self.claims.position
            if known.identity == identity:
                return
        snapshot = self._stores.snapshot()
        is_same = known is not None and known.identity == identity and snapshot.xmax >= known.xmax
        if known is None or not is_same:
            known = Position.beginning(identity, snapshot)
        self.close()
        self.claims = Claims(known)
        self.differences = Differences(self._stores, self.claims)
        stores, clock = self._stores, self._clock
        self._recent = RecentPass(stores, known.snapshot, clock)
        self._blocks = BlockPass(stores, known, clock)
        self._others: tuple[TokenPass | BlockPass, ...] = (
            TokenPass(stores, known, clock),
            self._blocks,
        )
        self._spent: dict[TokenPass | BlockPass, float] = dict.fromkeys(self._others, 0.0)

    def _confirm(self) -> None:
        """A complete pass over both stores counts as a comparison. It ends what `make status` and
        an alert say about the epoch or the store that made verification begin again."""
        assert self.claims is not None
        at = self.claims.position
        if at.differences or at.uncounted or at.rows_since is None or at.deletes_through is None:
            return
        since = min(at.rows_since, at.deletes_through)
        if at.covered and since > max(self._confirmed, at.began_at + CONFIRM_AFTER_S):
            self._confirmed = since
            self._stores.confirm(since)

    def _settle(self) -> bool:
        assert self.claims is not None
        now = self._clock.monotonic()
        if self._round is None:
            keys = self.claims.oldest(ROUND, now - SETTLE_AFTER_S)
            if not keys:
                return False
            self.claims.begin(keys)
            self._round, self._round_until = Round(self._stores, keys), now + ROUND_LIMIT_S
            self.claims.clear(self._round.equal)
            if not self._round.is_open:
                self._round = None
            return True
        if not self._is_due("barrier", POLL_S):
            return False
        verdicts = self._round.verdicts()
        if verdicts is None:
            if now > self._round_until:
                self._round = None
            return True
        self._round = None
        differ = {key: row for key, (how, row) in verdicts.items() if how is Verdict.DIFFERS}
        if differ and self._stores.identity() != self.claims.position.identity:
            self._due.pop("identity")  # nothing of this round holds
            return True
        self.differences.add(differ, self._clock.time())
        self.claims.clear([*_of(verdicts, Verdict.EQUAL), *differ])
        self.claims.supersede(_of(verdicts, Verdict.SUPERSEDED))
        return True

    def _recheck(self) -> bool:
        """Known differences may have been repaired."""
        keys = self.differences.next(RECHECKED) if self._is_due("recheck", RECHECK_S) else []
        if not keys:
            return False
        seen = sight(self._stores, keys)
        self.differences.remove({key for key in keys if seen[key].is_equal(self._stores.table)})
        return True

    def _look_for_gaps(self) -> bool:
        if not self._is_due("gaps", GAPS_S):
            return False
        self.differences.look_for_gaps(self._clock.time())
        return True

    def _pass(self) -> bool:
        """Recent changes first; the other passes get the rest of the time by their weights."""
        assert self.claims is not None
        if self.claims.suspects > MOST_SUSPECTS:
            return False
        differing = self._recent.step()
        if differing is not None:
            if differing.ended is not None:
                self._blocks.restart(differing.ended)
            self._add(differing)
            return True
        for other in sorted(self._others, key=self._spent.__getitem__):
            began = self._clock.process_time()
            differing = other.step()
            if differing is not None:
                self._add(differing)
                if differing.ended is not None:
                    self.differences.count_beyond()
                self._spent[other] += (self._clock.process_time() - began) / other.weight
                self._level()
                return True
        return False

    def _level(self) -> None:
        """A pass that had nothing to do for some time saves up nothing."""
        most = max(self._spent.values())
        self._spent = {other: max(spent, most - SAVED_S) for other, spent in self._spent.items()}

    def _add(self, differing: Differing) -> None:
        assert self.claims is not None
        unknown = [key for key in differing.keys if not self.differences.has(key)]
        self.claims.suspect(unknown, self._clock.monotonic())
        self.claims.now(lambda at: replace(at, rows_checked=at.rows_checked + differing.checked))
        if differing.claim is not None:
            self.claims.claim(differing.claim)

    def _is_due(self, name: str, interval_s: float) -> bool:
        now = self._clock.monotonic()
        if now < self._due.get(name, now):
            return False
        self._due[name] = now + interval_s
        return True


def _of(verdicts: Mapping[str, tuple[Verdict, T]], wanted: Verdict) -> list[str]:
    return [key for key, (verdict, _) in verdicts.items() if verdict is wanted]
