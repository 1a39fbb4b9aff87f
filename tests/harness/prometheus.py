"""The platform's Prometheus, asked on its published port."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from cli.clients.http import call
from tests.harness.platform import Platform
from tests.harness.wait import eventually


def query(platform: Platform, expression: str) -> list[dict[str, Any]]:
    """The vector that an expression answers with: [{metric: labels, value: [at, text]}, …]."""
    url = f"{platform.here.url('prometheus')}/api/v1/query?{urlencode({'query': expression})}"
    return call("GET", url)["data"]["result"]


def firing(platform: Platform) -> dict[str, str]:
    """Alert that fires → its summary."""
    found = call("GET", f"{platform.here.url('prometheus')}/api/v1/alerts")["data"]["alerts"]
    return {
        one["labels"]["alertname"]: one["annotations"]["summary"]
        for one in found
        if one["state"] == "firing"
    }


def assert_costs_little(platform: Platform, *jobs: str) -> None:
    """Jobs of one process each: prints memory and CPU; together they hold less than 600 MiB."""
    where = f'job=~"{"|".join(jobs)}"'

    def by_instance(expression: str) -> dict[str, float]:
        found = query(platform, expression)
        return {one["metric"]["instance"]: float(one["value"][1]) for one in found}

    cores = f"rate(process_cpu_seconds_total{{{where}}}[2m])"
    eventually(lambda: len(by_instance(cores)) == len(jobs), f"two minutes of CPU of {jobs}", 180)
    used = by_instance(cores)
    memory = by_instance(f"process_resident_memory_bytes{{{where}}}")
    for name in sorted(memory):
        print(f"{name}: {memory[name] / 2**20:.0f} MiB, {used[name] * 100:.1f} % of a core")
    assert sum(memory.values()) < 600 * 2**20
