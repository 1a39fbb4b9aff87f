"""Details of the sources of the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.health.details.base import ProbeDetails
from contract.json_record import JsonRecord


@dataclass(frozen=True)
class TableSource(JsonRecord):
    """`url`: the API that the table's DAG reads. `answer`: what it answers, or why not.
    `continuous`: new rows come every minute."""

    url: str
    answer: str
    continuous: bool = False


@dataclass(frozen=True)
class SourceDetails(ProbeDetails):
    """Name of each table with a source → its source."""

    tables: Mapping[str, TableSource]
