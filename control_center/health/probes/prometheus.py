"""Prometheus: does it answer, and what it reads: does that answer it?

Without it people still arrive; only history and alerts are missing: a warning.
"""

from __future__ import annotations

from typing import Any

from control_center.clients.clients import Engines
from control_center.clients.liveness import UnreachableError
from control_center.health.result import Result, State

NAME = "prometheus"


def probe(engines: Engines) -> Result:
    url = f"{engines.settings.prometheus_url}/api/v1/query"
    try:
        answer = engines.http.json(url, params={"query": "up"})
    except UnreachableError as error:
        return Result(NAME, State.WARN, f"no history, no alerts: Prometheus {error}", NAME)
    return judge(answer["data"]["result"])


def judge(series: list[dict[str, Any]]) -> Result:
    """`series`: the vector that the query `up` answers with, one sample a target."""
    targets = {one["metric"]["instance"]: one["value"][1] == "1" for one in series}
    evidence = {"targets": targets}
    silent = sorted(target for target, up in targets.items() if not up)
    if silent:
        summary = f"{', '.join(silent)} gave no metrics when last asked"
        return Result(NAME, State.WARN, summary, silent[0], evidence)
    return Result(NAME, State.OK, f"reads {len(targets)} targets", NAME, evidence)
