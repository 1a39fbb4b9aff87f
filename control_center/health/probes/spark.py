"""Spark standalone: is the master ALIVE, and is every worker registered with it?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from contract.errors import UnreachableError
from contract.health.component import component_of
from contract.health.details.base import NodeStatus
from contract.health.details.spark import SparkDetails
from contract.health.result import ProbeResult
from contract.stream.application import SparkState
from control_center.clients.clients import Clients
from control_center.clients.spark_master import MasterState
from control_center.health.outcome import Outcome

OUTCOME = Outcome("spark", "spark-master")


def probe(clients: Clients) -> ProbeResult:
    workers = clients.settings.spark_workers

    def worker(address: str) -> NodeStatus:
        try:
            master_url = clients.http.json(f"http://{address}/json/")["masterurl"]
        except UnreachableError as error:
            return NodeStatus(component_of(address), False, error.cause)
        return node_status(address, str(master_url))

    with ThreadPoolExecutor(max_workers=len(workers)) as pool:
        answers = pool.map(worker, workers)  # the request to the master runs at the same time
        master = clients.spark_master.state()
        return evaluate(master, tuple(answers))


def node_status(address: str, master_url: str) -> NodeStatus:
    """A worker that answers. `master_url`: of its master, empty before it is registered with one:
    then it does not serve."""
    answer = master_url or "is not registered with a master"
    return NodeStatus(component_of(address), bool(master_url), answer)


def evaluate(master: MasterState, workers: tuple[NodeStatus, ...]) -> ProbeResult:
    """`workers`: the answers of the workers themselves."""
    alive = [worker for worker in master.workers if worker.state == SparkState.ALIVE]
    details = SparkDetails(
        nodes=workers,
        master=master.status,
        workers_expected=len(workers),
        workers_alive=len(alive),
        cores=sum(worker.cores for worker in alive),
        cores_used=sum(worker.cores_used for worker in alive),
    )
    if master.status != SparkState.ALIVE:
        return OUTCOME.fail(f"the Spark master is {master.status}", details)
    if down := OUTCOME.first_down(workers, details):
        return down
    if len(alive) < len(workers):
        summary = f"{len(alive)} of {len(workers)} workers are registered with the master"
        return OUTCOME.fail(summary, details, workers[0].node)
    return OUTCOME.ok(f"master ALIVE, {len(alive)} of {len(workers)} workers", details)
