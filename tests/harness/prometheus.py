"""The platform's Prometheus, through its published port."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from cli.clients.http import call
from tests.harness.platform import Platform
from tests.harness.wait import eventually


def query(platform: Platform, expression: str) -> list[dict[str, Any]]:
    """The samples of an expression: [{metric: labels, value: [time, text]}, …]."""
    base = platform.installation.url("prometheus")
    answer = call("GET", f"{base}/api/v1/query?{urlencode({'query': expression})}")
    samples: list[dict[str, Any]] = answer["data"]["result"]
    return samples


def firing(platform: Platform) -> dict[str, str]:
    """Name of each firing alert → its summary."""
    answer = call("GET", f"{platform.installation.url('prometheus')}/api/v1/alerts")
    return {
        alert["labels"]["alertname"]: alert["annotations"]["summary"]
        for alert in answer["data"]["alerts"]
        if alert["state"] == "firing"
    }


def assert_costs_little(platform: Platform, *jobs: str) -> None:
    """Print memory and CPU of jobs with one process each; together they hold less than 600 MiB."""
    selector = f'job=~"{"|".join(jobs)}"'

    def by_instance(expression: str) -> dict[str, float]:
        samples = query(platform, expression)
        return {sample["metric"]["instance"]: float(sample["value"][1]) for sample in samples}

    cores = f"rate(process_cpu_seconds_total{{{selector}}}[1m])"
    eventually(lambda: len(by_instance(cores)) == len(jobs), f"a minute of CPU of {jobs}", 120)
    used = by_instance(cores)
    memory = by_instance(f"process_resident_memory_bytes{{{selector}}}")
    for name in sorted(memory):
        print(f"{name}: {memory[name] / 2**20:.0f} MiB, {used[name] * 100:.1f} % of a core")
    assert sum(memory.values()) < 600 * 2**20
