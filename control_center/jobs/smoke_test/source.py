"""What the source hands out for a seed: the truth that every stage is held against."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from contract.errors import UnreachableError
from contract.table.randomuser import row
from control_center.clients.clients import Clients
from control_center.jobs import protocol

TRIES = 5


@dataclass
class Source:
    """`people`: id → row. `refused`: no row can be made of them, they go to rejects."""

    people: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    refused: int = 0
    repeated: int = 0


def fetch(clients: Clients, seed: str, people: int, page_size: int) -> Source:
    """The first `people` of the seed, sorted out as the DAG does: of a person who comes twice the
    last one counts. Raises UnreachableError after some tries."""
    source = Source()
    for page in range(1, -(-people // page_size) + 1):
        for person in _page(clients, seed, page, page_size)[: people - (page - 1) * page_size]:
            try:
                values = row(person)
            except ValueError:
                source.refused += 1
            else:
                source.repeated += values[0] in source.people
                source.people[str(values[0])] = values
    return source


def _page(clients: Clients, seed: str, page: int, size: int) -> list[Any]:
    query = {"seed": seed, "page": page, "results": size}
    for attempt in range(1, TRIES + 1):
        try:
            answer = clients.http.json(
                clients.settings.randomuser_url, "randomuser", params=query, timeout=30
            )
            return list(answer["results"])
        except (UnreachableError, KeyError, ValueError) as error:
            cause = error.cause if isinstance(error, UnreachableError) else repr(error)
            if attempt == TRIES:
                raise UnreachableError("randomuser", cause) from error
            protocol.progress(f"source, page {page}: {cause}; trying again in {attempt} s")
            time.sleep(attempt)
    raise AssertionError("unreachable")
