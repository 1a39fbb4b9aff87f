"""POST /api/bench: rows per second and latency of a table from PostgreSQL to Cassandra."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contract.health.diagnosis import Diagnosis
from contract.json_record import JsonRecord


@dataclass(frozen=True)
class BenchRequest(JsonRecord):
    """`table`: its name. `warm_up_rows` are not measured; then `rows` for the sustained rate, then
    `latency_s` seconds at 200 rows/s."""

    table: str
    warm_up_rows: int = 150_000
    rows: int = 120_000
    latency_s: int = 60


@dataclass(frozen=True)
class StageRates(JsonRecord):
    """Rows per second of each stage alone, on the same rows; None if it could not be measured."""

    postgres_insert: int | None
    slot_decode: int | None
    debezium_to_kafka: int | None
    kafka_to_cassandra: int | None


@dataclass(frozen=True)
class Latency(JsonRecord):
    """Milliseconds from commit to readable in Cassandra, while `rows_per_s` were committed."""

    p50: int
    p99: int
    samples: int
    rows_per_s: int


@dataclass(frozen=True)
class BenchResult(JsonRecord):
    """`deleted`: the rows that were made for the measurement; `took_s` and `seconds` in seconds."""

    table: str
    rows: int
    warm_up_rows: int
    rows_per_s: int
    seconds: float
    stages: StageRates
    latency_ms: Latency
    deleted: int
    took_s: float
    ok: bool = True


@dataclass(frozen=True)
class BenchNotMeasured(JsonRecord):
    """The platform did not work before the measurement began."""

    table: str
    error: str
    diagnosis: Diagnosis
    ok: bool = False


def result_from_json(data: Mapping[str, Any]) -> BenchResult | BenchNotMeasured:
    """The result or the failure, chosen by the field `ok`; raises ValueError."""
    return (BenchResult if data.get("ok") else BenchNotMeasured).from_json(data)
