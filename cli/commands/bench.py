"""Measure rows/s from PostgreSQL to Cassandra, latency at 200 rows/s, and memory, for one table or
for each table with a source.

The warm-up rows are not measured, because JVMs compile after their start. All rows are generated,
and deleted at the end. Memory is the memory of all containers of the project right after the rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cli.clients import jobs, tables
from cli.host import docker, output
from cli.host.errors import CliError
from cli.host.options import integer, text
from cli.installations.local import Installation
from contract.jobs.bench import BenchNotMeasured, BenchRequest, BenchResult, result_from_json
from contract.jobs.job import JobKind

SUMMARY = "Measure rows/s and latency from PostgreSQL to Cassandra (TABLE=orders)"
_UNITS = {"B": 1 / (1 << 20), "KiB": 1 / 1024, "MiB": 1.0, "GiB": 1024.0}


@dataclass(frozen=True)
class Options:
    table: str = text("", "name of one table; by default each table with a source")
    rows: int = integer(BenchRequest.rows, "number of rows to measure")
    latency_s: int = integer(BenchRequest.latency_s, "seconds for which latency is measured")
    warm_up_rows: int = integer(
        BenchRequest.warm_up_rows, "number of rows to send before the measurement", minimum=0
    )


@dataclass(frozen=True)
class Measured:
    """The result of one table, and the memory of the containers after it, in MiB."""

    result: BenchResult
    containers: Mapping[str, float]
    ok: bool = True

    @property
    def memory_mib(self) -> int:
        return round(sum(self.containers.values()))

    def to_json(self) -> dict[str, Any]:
        return self.result.to_json() | {
            "memory_mib": self.memory_mib,
            "memory_mib_by_container": dict(self.containers),
        }


def run(options: Options) -> int:
    installation = Installation.current()
    chosen = tables.chosen(installation, options.table)
    if not options.table:
        chosen = tuple(table for table in chosen if table.has_source) or chosen
    output.progress(
        f"{options.warm_up_rows + options.rows:,} rows are generated, and deleted at the end"
    )

    def bench(table: str) -> Measured:
        request = BenchRequest(table, options.warm_up_rows, options.rows, options.latency_s)
        return measured(installation, request)

    return tables.run_each(chosen, bench, report, verdict, options.table)


def measured(installation: Installation, request: BenchRequest) -> Measured:
    """Raises CliError if the platform did not work."""
    result = jobs.run(installation, JobKind.BENCH, request, result_from_json)
    if isinstance(result, BenchNotMeasured):
        failure = result.diagnosis
        raise CliError(
            f"the bench did not measure: {result.error}", "make status", failure.component
        )
    return Measured(result, memory(installation.project))


def memory(project: str) -> dict[str, float]:
    """Container → memory that it uses now, in MiB."""
    names = docker.named("container", project)
    form = "{{.Name}} {{.MemUsage}}"
    stats = docker.ask("stats", "--no-stream", "--format", form, *names) if names else ""
    return {line.split()[0]: mib(line.split()[1]) for line in stats.splitlines()}


def mib(text: str) -> float:
    """MiB of docker's notation: "1.5GiB" → 1536.0."""
    match = re.fullmatch(r"([0-9.]+)([KMG]iB|B)", text)
    if match is None:
        raise CliError(f"unknown form of memory in docker stats: {text}", component="docker")
    return round(float(match[1]) * _UNITS[match[2]], 1)


def report(bench: Measured) -> str:
    """A row for each stage, then rate, latency and memory."""
    result = bench.result
    stages = [
        (name.replace("_", " "), f"{rate:,}" if rate else "-")
        for name, rate in result.stages.to_json().items()
    ]
    latency = result.latency_ms
    rate = f"{result.rows_per_s:,}"
    return (
        f"\n{output.table([*stages, ('all stages', rate)], ('stage', 'rows/s'))}"
        f"\n\n{rate} rows/s from PostgreSQL to Cassandra ({result.rows:,} rows after "
        f"{result.warm_up_rows:,} that were not measured)"
        f"\ncommit to readable at {latency.rows_per_s} rows/s: p50 {latency.p50:,} ms, "
        f"p99 {latency.p99:,} ms ({latency.samples} samples)"
        f"\nmemory of all containers: {bench.memory_mib:,} MiB"
        f"\n{result.deleted:,} rows deleted again"
    )


def verdict(bench: Measured) -> str:
    latency = bench.result.latency_ms
    return (
        f"{bench.result.rows_per_s:,} rows/s; p99 {latency.p99:,} ms at {latency.rows_per_s} rows/s"
    )
