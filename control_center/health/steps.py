"""The steps that a row takes, from its source to Cassandra, and the state of each step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from contract.health.details.lag import LagDetails
from contract.health.result import ProbeResult, details_of
from contract.health.state import ProbeState

START = "make up starts it if its container is stopped."


@dataclass(frozen=True)
class Step:
    """`probes`: names of the probes that look at it; `stage`: of the page Stages, or ""; `remedy`:
    for what the probes find, unless `remedies` has another one for a probe; `pages`: the service
    whose own pages show it, or ""; `rate`: line of timeseries.DELIVERED that arrives here, or
    ""."""

    title: str
    probes: tuple[str, ...]
    stage: str
    remedy: str
    pages: str = ""
    rate: str = ""
    remedies: Mapping[str, str] = field(default_factory=dict)


STEPS = (
    Step(
        "JSON API",
        ("source",),
        "",
        "Compare the address with [source] in the table's file. A run of the DAG tries again.",
    ),
    Step(
        "Airflow",
        ("airflow", "ingest"),
        "airflow",
        f"Airflow's own page has the log of each run. {START}",
        "airflow-api-server",
        remedies={
            "ingest": "Correct [source] or [columns] in the table's file, then make deploy-dags."
        },
    ),
    Step(
        "PostgreSQL",
        ("postgres", "backup", "databases", "slot"),
        "postgres",
        START,
        rate="committed in PostgreSQL",
        remedies={
            "backup": "make logs S=postgres has pgBackRest's messages; make backup tries again.",
            "databases": "make doctor prints what the server's administrator has to run.",
            "slot": f"Restart connector and task on the page Stages. {START}",
        },
    ),
    Step(
        "Connect",
        ("connect", "capture"),
        "connect",
        f"Restart connector and task on the page Stages. {START}",
    ),
    Step(
        "Kafka",
        ("zookeeper", "kafka", "schema-registry", "topic"),
        "topics",
        START,
        rate="on the topic",
        remedies={"topic": f"The page Dead letters replays what the finding counts. {START}"},
    ),
    Step(
        "Spark",
        ("spark", "driver", "lag"),
        "spark",
        f"Airflow's DAG stream_tables starts the driver again, and its log has the cause. {START}",
        "spark-master",
    ),
    Step(
        "Cassandra",
        ("cassandra", "verification"),
        "cassandra",
        START,
        rate="in Cassandra",
        remedies={"verification": "make repair sends the rows again that differ."},
    ),
    Step(
        "Prometheus",
        ("prometheus", "disk"),
        "",
        START,
        "prometheus",
        remedies={"disk": "Free some space, or give the machine a larger disk."},
    ),
)


@dataclass(frozen=True)
class StepFinding:
    """What a probe that is not ok found. `service`: whose log has more."""

    sentence: str
    service: str
    remedy: str


@dataclass(frozen=True)
class StepState:
    """`findings`: of all probes that are not ok, failures first; `waiting`: rows that wait before
    this step, None if unknown."""

    step: Step
    state: ProbeState
    findings: tuple[StepFinding, ...]
    waiting: int | None


# The worst first.
ORDER = (ProbeState.FAIL, ProbeState.WARN, ProbeState.OK)


def states(results: Sequence[ProbeResult], rows_in_slot: int | None) -> list[StepState]:
    """A state for each of STEPS, in their order."""
    lag = details_of(results, LagDetails)
    waiting = {"Connect": rows_in_slot, "Spark": lag.waiting if lag else None}
    rows = []
    for step in STEPS:
        own = [result for result in results if result.name in step.probes]
        own.sort(key=lambda result: ORDER.index(result.state))
        rows.append(
            StepState(
                step=step,
                state=own[0].state if own else ProbeState.OK,
                findings=tuple(
                    StepFinding(
                        result.summary,
                        result.component,
                        step.remedies.get(result.name, step.remedy),
                    )
                    for result in own
                    if result.state is not ProbeState.OK
                ),
                waiting=waiting.get(step.title),
            )
        )
    return rows
