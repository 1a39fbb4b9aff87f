"""Which driver is the newest: each claims a number before it writes its first checkpoint.

The numbers order drivers across all tables. Generations of one table cannot: an older driver that
still runs begins a generation too, when its table is added, changed or read again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from riada_stream.runtime.checkpoint_dir import CheckpointDir

FOLDER = "driver-claims"  # a table's name has no "-"
_NAME = re.compile(r"(\d{8})-(.+)")


@dataclass(frozen=True, order=True)
class Claim:
    """A later driver has a greater one. `driver`: its id in Spark's master, which decides between
    two drivers that claimed the same number."""

    number: int
    driver: str

    def __str__(self) -> str:
        return f"{self.number:08d}-{self.driver}"

    @classmethod
    def parse(cls, text: str) -> Claim | None:
        match = _NAME.fullmatch(text)
        return cls(int(match[1]), match[2]) if match else None


def make(checkpoint: CheckpointDir, driver: str) -> Claim:
    """Claims the next number, and deletes the earlier claims. `checkpoint`: of all tables."""
    known = _claims(checkpoint)
    own = Claim(known[-1].number + 1 if known else 1, driver)
    folder = checkpoint / FOLDER
    folder.write(str(own), "")
    for earlier in known:
        (folder / str(earlier)).delete()
    return own


def newest(checkpoint: CheckpointDir) -> Claim | None:
    return next(reversed(_claims(checkpoint)), None)


def _claims(checkpoint: CheckpointDir) -> list[Claim]:
    """The claims in their order."""
    return sorted(filter(None, map(Claim.parse, checkpoint.names(FOLDER))))
