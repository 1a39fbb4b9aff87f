"""The rows that a smoke test follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from control_center.jobs.smoke_test.topic import TopicFollower
from control_center.pipeline.row_repository import Row


@dataclass(frozen=True)
class Followed:
    """`rows`: key → row, as PostgreSQL holds them. `topic`: reads the events since the rows were
    requested. `once`: every row has exactly one event since then."""

    rows: Mapping[str, Row]
    topic: TopicFollower
    once: bool
