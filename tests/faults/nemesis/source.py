"""The API from which the rows of users come answers wrongly, late, in part, or with nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from tests.faults.nemesis.fault import Fault, Services
from tests.harness import faulty_source
from tests.harness.platform import Platform
from tests.harness.wait import eventually

# Kind of randomuser/faults.py → what the source does.
KINDS = {
    "status_429": "answers 429",
    "status_503": "answers 503",
    "timeout": "answers nothing",
    "half_json": "answers half of its text",
    "change_type": "answers another type in the first row",
    "no_people": "answers no rows",
}
ROWS = 20
FAILED_S = 30


@dataclass(frozen=True)
class Source(Fault):
    """Other tables flow meanwhile; a run after the fault brings its rows."""

    hold_s: float = FAILED_S
    family: ClassVar[str] = "source"
    not_proven: ClassVar[str] = "an API that answers wrong values of the right types"

    @property
    def effect(self) -> str:
        return f"the source of users {KINDS[self.target]}, while runs begin"

    def inject(self, platform: Platform) -> None:
        faulty_source.begin(platform, self.target)
        platform.ingest(ROWS)

    def heal(self, platform: Platform) -> None:
        faulty_source.end(platform)

    def after(self, platform: Platform) -> None:
        platform.await_healthy()

        def arrives() -> bool:
            platform.await_end(platform.ingest(ROWS))
            return True

        eventually(arrives, "a run brings its rows", 300)
        platform.assert_equal_everywhere()


def faults(services: Services) -> Iterator[Fault]:
    for kind in KINDS:
        yield Source(kind)
