"""Spark standalone: is the master ALIVE, and does every worker work for it?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from contract.errors import UnreachableError
from control_center.clients.clients import Clients
from control_center.health.result import ProbeResult, ProbeState

NAME = "spark"
MASTER = "spark-master"


def probe(clients: Clients) -> ProbeResult:
    workers = clients.settings.spark_workers

    def worker(address: str) -> str:
        try:
            return str(clients.http.json(f"http://{address}/json/")["masterurl"])
        except UnreachableError as error:
            return f"DOWN: {error.cause}"

    with ThreadPoolExecutor(max_workers=len(workers)) as pool:
        answers = pool.map(worker, workers)  # the master is asked meanwhile
        try:
            master = clients.http.json(f"{clients.settings.spark_master_ui}/json/")
        except UnreachableError as error:
            return ProbeResult(NAME, ProbeState.FAIL, str(error), error.component)
        masters = dict(zip((worker.split(":")[0] for worker in workers), answers, strict=True))
    return evaluate(master, masters)


def evaluate(master: dict[str, Any], workers: dict[str, str]) -> ProbeResult:
    """`master`: its /json/; `workers`: host → the master it registered with, or "DOWN: why"."""
    alive = [worker for worker in master["workers"] if worker["state"] == "ALIVE"]
    evidence = {
        "master": master["status"],
        "workers_expected": len(workers),
        "workers_alive": len(alive),
        "workers": workers,
        "cores": sum(worker["cores"] for worker in alive),
        "cores_used": sum(worker["coresused"] for worker in alive),
    }
    if master["status"] != "ALIVE":
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"the Spark master is {master['status']}",
            MASTER,
            evidence,
        )
    for host, answer in workers.items():
        if answer.startswith("DOWN: "):
            return ProbeResult(
                NAME, ProbeState.FAIL, f"{host}: {answer.removeprefix('DOWN: ')}", host, evidence
            )
    if len(alive) < len(workers):
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"{len(alive)} of {len(workers)} workers are registered with the master",
            next(iter(workers)),
            evidence,
        )
    return ProbeResult(
        NAME,
        ProbeState.OK,
        f"master ALIVE, {len(alive)} of {len(workers)} workers",
        MASTER,
        evidence,
    )
