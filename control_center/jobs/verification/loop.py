"""One loop over all tables, a step of one table after a step of another."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from contract.errors import ComponentError
from contract.health.details.verification import RowDifference
from contract.table.table import Table
from control_center.jobs.verification.automatic_repair import AutomaticRepair
from control_center.jobs.verification.budget import Budget, Clock
from control_center.jobs.verification.log import log
from control_center.jobs.verification.position import Position
from control_center.jobs.verification.stores import Stores
from control_center.jobs.verification.verifier import TableVerifier
from control_center.pipeline.verification_file import VerificationFiles

IDLE_S = 1.0
WRITE_S = 3.0
RETRY_S = 5.0
LOG_S = 600.0  # until an error is logged again
LOGGED = 20  # differences


@dataclass
class Verified:
    """A table in turn. `written`: when its file was written; `retry`: when it is tried again;
    `logged`: the newest error in the log; `reported`: keys whose difference is in the log."""

    table: Table
    verifier: TableVerifier
    written: float = 0.0
    retry: float = 0.0
    busy_s: float = 0.0
    error: str = ""
    logged: tuple[str, float] = ("", 0.0)
    reported: frozenset[str] = frozenset()


class Loop:
    """`tables` returns the tables of the release; it and `stores` raise UnreachableError."""

    def __init__(
        self,
        tables: Callable[[], Mapping[str, Table]],
        stores: Callable[[Table], Stores],
        files: VerificationFiles,
        repair: AutomaticRepair,
        budget: Budget,
        clock: Clock,
    ) -> None:
        self._tables, self._stores, self._files = tables, stores, files
        self._repair, self._budget, self._clock = repair, budget, clock
        self._verified: dict[str, Verified] = {}

    def turn(self) -> None:
        """One step of every table, and a rest."""
        try:
            self._follow(self._tables())
        except ComponentError as error:
            log(str(error))
            self._clock.sleep(RETRY_S)
            return
        worked = [self._step(verified) for verified in self._verified.values()]
        if not any(worked):
            self._clock.sleep(IDLE_S)

    def _follow(self, tables: Mapping[str, Table]) -> None:
        """A table that has changed begins with its position; its identity tells what holds."""
        if self._verified.keys() - tables.keys():
            self._files.keep(tables.keys())
        known, self._verified = self._verified, {}
        for name, table in tables.items():
            if name in known and known[name].table is table:
                self._verified[name] = known.pop(name)
                continue
            self._verified[name] = Verified(table, self._verifier(table))
        for gone in known.values():
            gone.verifier.close()

    def _verifier(self, table: Table) -> TableVerifier:
        stored = self._files.position(table.name)
        try:
            position = Position.from_json(stored) if stored is not None else None
        except (ValueError, TypeError) as error:
            log(f"{table.name} begins again: its position cannot be read ({error})")
            position = None
        return TableVerifier(self._stores(table), self._clock, position)

    def _step(self, verified: Verified) -> bool:
        now = self._clock.monotonic()
        if now < verified.retry:
            return False
        before = self._budget.busy_s
        try:
            has_worked = self._budget.spend(lambda: self._work(verified))
            verified.busy_s += self._budget.busy_s - before
        except Exception as error:
            verified.busy_s += self._budget.busy_s - before
            verified.verifier.close()
            verified.retry = now + RETRY_S
            if not isinstance(error, ComponentError):
                traceback.print_exc()
            cause = str(error) or type(error).__name__
            if (cause, now // LOG_S) != verified.logged:
                log(f"{verified.table.name}: {cause}")
            verified.error, verified.logged = cause, (cause, now // LOG_S)
            self._write(verified)
            return False
        if has_worked and verified.error:
            verified.error, verified.written = "", 0.0
        if self._clock.monotonic() - verified.written >= WRITE_S:
            self._write(verified)
        return has_worked

    def _work(self, verified: Verified) -> bool:
        has_worked = verified.verifier.step()
        claims = verified.verifier.claims
        if claims is not None and claims.position.differences:
            rows = verified.verifier.differences.rows
            if sent := self._repair.repair(verified.table.name, rows):
                claims.now(lambda at: replace(at, resent=at.resent + sent))
        return has_worked

    def _write(self, verified: Verified) -> None:
        verifier, name = verified.verifier, verified.table.name
        verified.written = self._clock.monotonic()
        report = verifier.report(verified.busy_s, verified.error)
        if report is None or verifier.claims is None:
            return
        position = verifier.claims.position
        self._log_differences(verified, position.differences)
        self._files.write(name, report, position.to_json())

    def _log_differences(self, verified: Verified, differences: tuple[RowDifference, ...]) -> None:
        """Logs differences that are new, up to some, and the end of all."""
        present = frozenset(known.key for known in differences)
        fresh = [known for known in differences if known.key not in verified.reported]
        for known in fresh[:LOGGED]:
            log(f"{verified.table.name} differs: {known}")
        if fresh[LOGGED:]:
            log(f"{verified.table.name} differs: {len(fresh) - LOGGED:,} more")
        if verified.reported and not present:
            log(f"{verified.table.name}: no row differs any more")
        verified.reported = present
