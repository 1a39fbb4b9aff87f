"""The steps that a row takes, from its source to Cassandra, and the state of each step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contract.health.details.lag import LagDetails
from contract.health.result import ProbeResult, details_of
from contract.health.state import ProbeState

START = "make up starts it if its container is stopped."


@dataclass(frozen=True)
class Step:
    """`probes`: names of the probes that look at it; `stage`: of the page Stages, or ""; `service`:
    the one to read the log of while no probe names another; `pages`: the service whose own pages
    show it, or ""; `rate`: line of timeseries.DELIVERED that arrives here, or ""; `remedy`: for a
    failure whose finding names none."""

    title: str
    probes: tuple[str, ...]
    stage: str
    service: str
    remedy: str
    pages: str = ""
    rate: str = ""


STEPS = (
    Step(
        "JSON API",
        ("source",),
        "",
        "randomuser",
        "Compare the address with [source] in the table's file. A run of the DAG tries again.",
    ),
    Step(
        "Airflow",
        ("airflow", "ingest"),
        "airflow",
        "airflow-scheduler",
        f"Airflow's own page has the log of each run. {START}",
        "airflow-api-server",
    ),
    Step(
        "PostgreSQL",
        ("postgres", "databases", "slot"),
        "postgres",
        "postgres",
        START,
        rate="committed in PostgreSQL",
    ),
    Step(
        "Connect",
        ("connect", "capture"),
        "connect",
        "connect",
        f"Restart connector and task on the page Stages. {START}",
    ),
    Step(
        "Kafka",
        ("zookeeper", "kafka", "schema-registry", "topic"),
        "topics",
        "kafka-1",
        START,
        rate="on the topic",
    ),
    Step(
        "Spark",
        ("spark", "driver", "lag"),
        "spark",
        "spark-driver",
        f"Airflow's DAG stream_tables starts the driver again, and its log has the cause. {START}",
        "spark-master",
    ),
    Step("Cassandra", ("cassandra",), "cassandra", "cassandra-1", START, rate="in Cassandra"),
    Step("Prometheus", ("prometheus",), "", "prometheus", START, "prometheus"),
)


@dataclass(frozen=True)
class StepState:
    """`finding`: the worst probe's sentence, "" if all are ok; `service`: whose log has more;
    `waiting`: rows that wait before this step, None if unknown."""

    step: Step
    state: ProbeState
    finding: str
    service: str
    waiting: int | None


def states(results: Sequence[ProbeResult], rows_in_slot: int | None) -> list[StepState]:
    """A state for each of STEPS, in their order."""
    lag = details_of(results, LagDetails)
    waiting = {"Connect": rows_in_slot, "Spark": lag.waiting if lag else None}
    rows = []
    for step in STEPS:
        worst = _worst(result for result in results if result.name in step.probes)
        good = worst is None or worst.state is ProbeState.OK
        rows.append(
            StepState(
                step=step,
                state=worst.state if worst else ProbeState.OK,
                finding="" if worst is None or good else worst.summary,
                service=step.service if worst is None or good else worst.component,
                waiting=waiting.get(step.title),
            )
        )
    return rows


def _worst(results: Iterable[ProbeResult]) -> ProbeResult | None:
    """The first failure, otherwise the first warning, otherwise the first result."""
    order = (ProbeState.FAIL, ProbeState.WARN, ProbeState.OK)
    return min(results, key=lambda result: order.index(result.state), default=None)
