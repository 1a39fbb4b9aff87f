"""How far the verification of a table has come. It is kept in a file, so that a restart continues,
and claims nothing that was not seen."""

from __future__ import annotations

from dataclasses import dataclass

from contract.health.details.verification import RowDifference
from contract.json_record import JsonRecord
from contract.stores.cassandra.tokens import FIRST_TOKEN
from control_center.jobs.verification.stores import Snapshot


@dataclass(frozen=True)
class Position(JsonRecord):
    """All times are PostgreSQL's, in epoch seconds.

    `identity`: of the stores (stores.py). `began_at`: when their verification began. Every row that
    the snapshot of `xmin`, `xmax` and `at` shows has been seen equal since it changed last, except
    rows that the pass over PostgreSQL's blocks will read for the first time: `covered` says that a
    pass is complete since these snapshots began.

    The present pass over PostgreSQL's blocks began at `rows_began`, and will read the blocks from
    `next_block` to `end_block` (exclusive) of this `file`; `rows_since`: when the last complete one
    began. The pass over Cassandra's tokens began at `tokens_began`, and has read those up to
    `token`; `deletes_through`: every range of tokens was read since then, so that no row is in
    Cassandra that PostgreSQL deleted before. `through`: the result, as in TableVerification.

    `suspects`: rows that differed when they were read. `uncounted`: rows of the last complete pass
    that differ and are not in `differences`, whose number is limited. `accounted`: skipped offsets
    after which all rows were read."""

    identity: str
    began_at: float
    xmin: int
    xmax: int
    at: float
    covered: bool = False
    next_block: int = 0
    end_block: int = 0
    file: int = 0
    rows_began: float = 0.0
    rows_since: float | None = None
    token: int = FIRST_TOKEN
    tokens_began: float = 0.0
    deletes_through: float | None = None
    through: float | None = None
    pass_s: float | None = None
    rows_checked: int = 0
    suspects: tuple[str, ...] = ()
    differences: tuple[RowDifference, ...] = ()
    uncounted: int = 0
    accounted: tuple[str, ...] = ()
    resent: int = 0

    @classmethod
    def beginning(cls, identity: str, snapshot: Snapshot) -> Position:
        return cls(
            identity,
            snapshot.at,
            snapshot.xmin,
            snapshot.xmax,
            snapshot.at,
            end_block=snapshot.blocks,
            file=snapshot.file,
            rows_began=snapshot.at,
            tokens_began=snapshot.at,
        )

    @property
    def snapshot(self) -> Snapshot:
        """The one whose later changes the next pass over recent changes reads."""
        return Snapshot(self.xmin, self.xmax, self.at, self.end_block)
