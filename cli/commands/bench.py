"""Measure rows/s from PostgreSQL to Cassandra, latency at 200 rows/s, and memory.

ROWS (default 120000) and LATENCY_S (default 60) say how much. WARM_UP_ROWS (default 150000) go
before and are not measured: JVMs that have just started compile. The rows are made up and deleted
at the end. Memory is what all containers of the project hold just after the rows went through.
"""

from __future__ import annotations

import argparse
import os
import re

from cli.clients import jobs
from cli.host import docker, output
from cli.host.output import Fault
from cli.installations.local import Installation
from contract.jobs.bench import BenchNotMeasured, BenchRequest, BenchResult, result_from_json
from contract.jobs.job import JobKind

_UNITS = {"B": 1 / (1 << 20), "KiB": 1 / 1024, "MiB": 1.0, "GiB": 1024.0}


def main() -> int:
    argparse.ArgumentParser(prog="make bench", description=__doc__).parse_args()
    here = Installation.current()
    default = BenchRequest()
    request = BenchRequest(
        warm_up_rows=_number("WARM_UP_ROWS", default.warm_up_rows, least=0),
        rows=_number("ROWS", default.rows),
        latency_s=_number("LATENCY_S", default.latency_s),
    )
    made = request.warm_up_rows + request.rows
    output.progress(f"{made:,} rows are made for this and deleted at the end")
    answer = jobs.run(here, JobKind.BENCH.value, request.to_json())
    result = result_from_json(answer)
    if isinstance(result, BenchNotMeasured):
        raise Fault(f"not measured: {result.error}", "make status")
    containers = memory(here.project)
    total_mib = round(sum(containers.values()))
    output.emit(
        answer | {"memory_mib": total_mib, "memory_mib_by_container": containers},
        text(result, total_mib),
    )
    return 0


def memory(project: str) -> dict[str, float]:
    """Container → MiB that it holds now."""
    names = docker.named("container", project)
    form = "{{.Name}} {{.MemUsage}}"
    stats = docker.ask("stats", "--no-stream", "--format", form, *names) if names else ""
    return {line.split()[0]: mib(line.split()[1]) for line in stats.splitlines()}


def mib(text: str) -> float:
    """docker's "1.5GiB" → 1536.0"""
    match = re.fullmatch(r"([0-9.]+)([KMG]iB|B)", text)
    if match is None:
        raise Fault(f"docker stats tells memory as {text}")
    return round(float(match[1]) * _UNITS[match[2]], 1)


def text(result: BenchResult, memory_mib: int) -> str:
    stages = [
        (name.replace("_", " "), f"{rate:,}" if rate else "-")
        for name, rate in result.stages.to_json().items()
    ]
    latency = result.latency_ms
    rate = f"{result.rows_per_s:,}"
    return (
        f"\n{output.table([*stages, ('all of it', rate)], ('stage', 'rows/s'))}"
        f"\n\n{rate} rows/s from PostgreSQL to Cassandra ({result.rows:,} rows after "
        f"{result.warm_up_rows:,} that were not measured)"
        f"\ncommit to readable at {latency.rows_per_s} rows/s: p50 {latency.p50:,} ms, "
        f"p99 {latency.p99:,} ms ({latency.samples} samples)"
        f"\nmemory of all containers: {memory_mib:,} MiB"
        f"\n{result.deleted:,} rows deleted again"
    )


def _number(name: str, default: int, least: int = 1) -> int:
    value = os.environ.get(name) or str(default)
    if not value.isdigit() or int(value) < least:
        raise Fault(
            f"{name}={value} is no number from {least}", f"e.g. make bench {name}={default}"
        )
    return int(value)
