"""What a run of a fault has shown."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Result:
    """`recovery_s`: from the end of the fault (or of the remedy) to new rows in Cassandra, on every
    partition. `named_s`: until status named a fault that halts, with its remedy. `read_gap_s`: the
    longest time in which Cassandra answered no read. `rows`: changes that were written from the
    fault's beginning to the comparison. `failure`: "" if the platform kept its promise. `on`: the
    date."""

    name: str
    promise: str
    recovery_s: float | None = None
    named_s: float | None = None
    read_gap_s: float | None = None
    rows: int = 0
    lost: int = 0
    wrong: int = 0
    failure: str = ""
    on: str = ""

    def __str__(self) -> str:
        recovery = "-" if self.recovery_s is None else f"{self.recovery_s:.0f} s"
        named = "" if self.named_s is None else f", named after {self.named_s:.0f} s"
        outcome = f"FAILED: {self.failure}" if self.failure else "ok"
        return (
            f"{self.name}: {self.promise}, recovery {recovery}{named}, {self.rows:,} rows written,"
            f" {self.lost} lost, {self.wrong} wrong: {outcome}"
        )


def load(path: Path) -> dict[str, Result]:
    """Name of the fault → its newest result."""
    if not path.exists():
        return {}
    return {each["name"]: Result(**each) for each in json.loads(path.read_text())}


def save(path: Path, results: Iterable[Result]) -> None:
    ordered = sorted(results, key=lambda result: result.name)
    lines = ",\n".join(json.dumps(asdict(result), ensure_ascii=False) for result in ordered)
    path.write_text(f"[\n{lines}\n]\n")
