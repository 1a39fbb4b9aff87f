"""The people that the source returns for a seed; every later stage is compared with them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from contract.errors import UnreachableError
from contract.table.randomuser import row
from control_center.clients.clients import Clients
from control_center.jobs import job_protocol
from control_center.pipeline.user_repository import Row

ATTEMPTS = 5


@dataclass
class SourcePeople:
    """`people`: id → row. `refused`: the number of people that cannot become a row; the DAG puts
    them into rejects. `repeated`: the number of people that came more than once; the last one
    counts, as in the DAG."""

    people: dict[str, Row] = field(default_factory=dict)
    refused: int = 0
    repeated: int = 0

    def add(self, persons: Iterable[dict[str, Any]]) -> None:
        """Sorts the source's persons as the DAG does."""
        for person in persons:
            try:
                values = row(person)
            except ValueError:
                self.refused += 1
                continue
            if values[0] in self.people:
                self.repeated += 1
            self.people[str(values[0])] = values


def fetch(clients: Clients, seed: str, people: int, page_size: int) -> SourcePeople:
    """The first `people` of the seed; raises UnreachableError after ATTEMPTS failures of a page."""
    result = SourcePeople()
    for first in range(0, people, page_size):
        page = _page(clients, seed, first // page_size + 1, page_size)
        result.add(page[: people - first])
    return result


def _page(clients: Clients, seed: str, page: int, size: int) -> list[dict[str, Any]]:
    query = {"seed": seed, "page": page, "results": size}
    for attempt in range(1, ATTEMPTS + 1):
        try:
            answer = clients.http.json(
                clients.settings.randomuser_url, "randomuser", params=query, timeout=30
            )
            return list(answer["results"])
        except (UnreachableError, KeyError, ValueError) as error:
            cause = error.cause if isinstance(error, UnreachableError) else repr(error)
            if attempt == ATTEMPTS:
                raise UnreachableError("randomuser", cause) from error
            job_protocol.progress(f"source, page {page}: {cause}; trying again in {attempt} s")
            time.sleep(attempt)
    raise AssertionError("unreachable")
