"""The requests of a run: the size and the number of its pages."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TypedDict

INTERVAL = timedelta(minutes=5)  # between two scheduled runs
MAX_PAGE_SIZE = 5_000  # the API's own limit on `results`
# The API is a free service: unless a page size is given, a page holds the people of this time.
MIN_INTERVAL_S = 10.0


class RunParams(TypedDict):
    """The parameters of a run; dags/ingest_users.py describes them."""

    seed: str | None
    people: int | None
    batch_size: int | None
    rate: float
    nat: str | None


@dataclass(frozen=True)
class Plan:
    """`people` is the number to ask for; None until the time `until` (Unix, s). `rate` is people/s;
    0 is as fast as possible."""

    seed: str
    page_size: int
    people: int | None
    rate: float
    until: float | None

    @property
    def pages(self) -> int | None:
        """The number of pages; None until the time `until`."""
        return math.ceil(self.people / self.page_size) if self.people else None

    @property
    def interval_s(self) -> float:
        """Seconds between the starts of two pages."""
        return self.page_size / self.rate if self.rate else 0.0

    def people_on(self, page: int) -> int | None:
        """The number of people of a page (from 1) to store; None for all. The last page may hold
        more people than the run requests."""
        if self.people is None or page != self.pages:
            return None
        return self.people - (page - 1) * self.page_size

    @classmethod
    def from_params(cls, params: RunParams, run_id: str, begin: datetime) -> Plan:
        """The plan of a run that began at that time. The seed follows from the run's id, so that
        every attempt of a task has the same."""
        people, rate = params["people"], params["rate"]
        return cls(
            seed=params["seed"] or blake2b(run_id.encode(), digest_size=8).hexdigest(),
            page_size=page_size(params["batch_size"], rate, people),
            people=people,
            rate=rate,
            until=None if people else (begin + INTERVAL).timestamp(),
        )


def page_size(requested: int | None, rate: float, people: int | None) -> int:
    """The number of people per request. `requested` is the run's parameter, if any."""
    if requested is None:
        requested = round(rate * MIN_INTERVAL_S) if rate else people or MAX_PAGE_SIZE
    return min(max(requested, 1), MAX_PAGE_SIZE)
