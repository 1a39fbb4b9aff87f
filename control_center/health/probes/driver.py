"""The streaming driver: does exactly one run, of the deployed release?"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from contract.errors import UnreachableError
from control_center.clients.clients import Clients
from control_center.config import STREAM
from control_center.health.result import ProbeResult, ProbeState
from control_center.pipeline import verified

NAME = "driver"
COMPONENT = "spark-driver"


def probe(clients: Clients) -> ProbeResult:
    release = clients.settings.release()
    try:
        master = clients.http.json(f"{clients.settings.spark_master_ui}/json/")
    except UnreachableError as error:
        return ProbeResult(NAME, ProbeState.FAIL, str(error), error.component)
    return evaluate(master, release, told(clients), verified.at(clients))


def told(clients: Clients) -> dict[str, Any]:
    """What the driver says about itself: {state, since, cause, release, driver_id}, or {}."""
    try:
        said = json.loads((clients.settings.artifacts / "streaming-status.json").read_text())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def evaluate(
    master: dict[str, Any],
    release: str | None,
    said: dict[str, Any],
    verified_at: datetime | None = None,
) -> ProbeResult:
    """`master`: its /json/; `said`: what the driver says about itself; `verified_at`: when a
    comparison last found all equal.

    Drivers are told apart by their application's name, STREAM-release: after a worker's death the
    old driver's id stays RELAUNCHING for ever.
    """
    running = [
        app["name"]
        for app in master["activeapps"]
        if app["name"].startswith(f"{STREAM}-") and app["state"] == "RUNNING"
    ]
    waiting = [
        app["name"]
        for app in master["activeapps"]
        if app["name"].startswith(f"{STREAM}-") and app["state"] != "RUNNING"
    ]
    evidence = {
        "release": release,
        "applications": running,
        "says": said,
        "waiting": waiting,
        "drivers": {
            driver["id"]: driver["state"]
            for driver in master["activedrivers"]
            if driver["state"] != "RELAUNCHING"
        },
    }
    if release is None:
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            "no release is deployed: make deploy-dags",
            COMPONENT,
            evidence,
        )
    wanted = f"{STREAM}-{release}"
    others = [name for name in running if name != wanted]
    if others:
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"{others[0]} runs, deployed is {wanted}",
            COMPONENT,
            evidence,
        )
    if len(running) > 1:
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"{len(running)} drivers run {wanted}, not 1",
            COMPONENT,
            evidence,
        )
    if not running and waiting:
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"{waiting[0]} waits for free cores and memory",
            COMPONENT,
            evidence,
        )
    if not running:
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"no Spark driver runs {wanted}: Airflow's stream_users has to submit one",
            COMPONENT,
            evidence,
        )
    if said.get("state") == "halted" and said.get("release") == release:
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"the driver has halted: {said.get('cause')}",
            COMPONENT,
            evidence,
        )
    if said.get("state") == "retrying" and said.get("release") == release:
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"the driver tries again: {said.get('cause')}",
            COMPONENT,
            evidence,
        )
    if cause := _restarted(said, verified_at):
        return ProbeResult(NAME, ProbeState.WARN, cause, COMPONENT, evidence)
    return ProbeResult(NAME, ProbeState.OK, f"one driver runs {wanted}", COMPONENT, evidence)


def _restarted(said: dict[str, Any], verified_at: datetime | None) -> str | None:
    """What the topic lost before the driver read it may be missing, until a comparison is equal."""
    restart = said.get("restart")
    if not restart:
        return None
    at = datetime.fromisoformat(restart["at"])
    if verified_at and verified_at > at:
        return None
    return (
        f"{restart['cause']}, so the driver read the topic from its beginning at {restart['at']}. "
        "Rows may be missing in Cassandra: make repair"
    )
