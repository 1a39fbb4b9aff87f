"""What the probes make of the answers that components gave, or could give."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg2
import pytest

from contract.stream.driver_status import DriverState, DriverStatus, Restart
from control_center.clients.postgres import cause
from control_center.health.probes import airflow, connect, driver, lag, slot, spark
from control_center.health.result import ProbeState

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


# --- slot ----------------------------------------------------------------------------------------


def test_a_read_slot() -> None:
    found = slot.evaluate((True, "reserved", "0/10", "0/20", 1, 3 << 20, 0, 7))
    assert (found.state, found.summary) == (ProbeState.OK, "is read, 3.0 MiB of WAL retained")


@pytest.mark.parametrize("retained", [0, 5 << 20])
def test_a_slot_without_reader_is_red(retained: int) -> None:
    found = slot.evaluate((False, "reserved", "0/10", "0/20", 1, retained, 0, 7))
    assert found.state is ProbeState.FAIL
    assert found.evidence["retained_wal_bytes"] == retained


def test_a_slot_that_is_gone_retains_nothing_known() -> None:
    found = slot.evaluate(None)
    assert found.state is ProbeState.FAIL
    assert found.evidence["retained_wal_bytes"] is None


def test_a_lost_slot_is_red_even_when_active() -> None:
    found = slot.evaluate((True, "lost", None, None, None, None, None, 7))
    assert found.state is ProbeState.FAIL
    assert "lost WAL" in found.summary


def test_a_slot_whose_reader_falls_behind() -> None:
    assert slot.evaluate((True, "extended", "0/1", "0/2", 1, 9, 0, 7)).state is ProbeState.WARN


def test_a_table_that_is_not_published_is_red_though_the_slot_is_read() -> None:
    found = slot.evaluate((True, "reserved", "0/1", "0/2", 9, 9, 0, 7), published=False)
    assert (found.state, found.component) == (ProbeState.FAIL, "postgres")


# --- connect -------------------------------------------------------------------------------------

TRACE = """org.apache.kafka.connect.errors.ConnectException: Tolerance exceeded in error handler
\tat org.apache.kafka.connect.runtime.Worker.run(Worker.java:1)
Caused by: java.io.IOException: wrapped
\tat x
Caused by: java.net.UnknownHostException: schema-registry
\tat y"""


def status(connector: str, *tasks: str, trace: str = "") -> dict[str, Any]:
    return {
        "connector": {"state": connector, "worker_id": "connect:8083"},
        "tasks": [
            {"id": number, "state": state, "worker_id": "connect:8083", "trace": trace}
            for number, state in enumerate(tasks)
        ],
    }


def test_a_running_connector() -> None:
    assert connect.evaluate(status("RUNNING", "RUNNING")).state is ProbeState.OK


def test_a_failed_task_tells_its_root_cause() -> None:
    found = connect.evaluate(status("RUNNING", "FAILED", trace=TRACE))
    assert found.state is ProbeState.FAIL
    assert (
        found.summary == "Connect's task is FAILED: java.net.UnknownHostException: schema-registry"
    )
    assert found.evidence["trace_first_line"].endswith("Tolerance exceeded in error handler")


@pytest.mark.parametrize(
    "answer", [status("PAUSED", "PAUSED"), status("RUNNING"), status("RUNNING", "UNASSIGNED")]
)
def test_anything_but_running_is_red(answer: dict[str, Any]) -> None:
    assert connect.evaluate(answer).state is ProbeState.FAIL


@pytest.mark.parametrize("state", ["PAUSED", "STOPPED"])
def test_what_somebody_ordered_has_a_remedy(state: str) -> None:
    found = connect.evaluate(status(state, state))
    assert state in found.summary
    assert "Restart connector and task" in found.summary


# --- spark and driver ----------------------------------------------------------------------------


def master(
    *apps: tuple[str, str], workers: int = 1, drivers: tuple[tuple[str, str], ...] = ()
) -> dict[str, Any]:
    return {
        "status": "ALIVE",
        "workers": [{"state": "ALIVE", "cores": 3, "coresused": 3}] * workers
        + [{"state": "DEAD", "cores": 3, "coresused": 0}],
        "activeapps": [{"name": name, "state": state} for name, state in apps],
        "activedrivers": [{"id": number, "state": state} for number, state in drivers],
    }


URL = "spark://spark-master:7077"


def test_spark_with_all_its_workers() -> None:
    assert spark.evaluate(master(), {"spark-worker-1": URL}).state is ProbeState.OK


def test_the_dead_worker_is_named() -> None:
    workers = {"spark-worker-1": URL, "spark-worker-2": "DOWN: is not on the network"}
    found = spark.evaluate(master(workers=2), workers)
    assert (found.component, found.summary) == (
        "spark-worker-2",
        "spark-worker-2: is not on the network",
    )


def test_a_worker_that_lives_but_is_not_registered() -> None:
    found = spark.evaluate(master(workers=0), {"spark-worker-1": URL})
    assert (found.state, found.component) == (ProbeState.FAIL, "spark-worker-1")


def test_a_standby_master() -> None:
    found = spark.evaluate(master() | {"status": "STANDBY"}, {"spark-worker-1": URL})
    assert (found.state, found.component) == (ProbeState.FAIL, "spark-master")


@pytest.mark.parametrize(
    ("apps", "release", "state", "says"),
    [
        ([("users-abc", "RUNNING")], "abc", ProbeState.OK, "one driver runs users-abc"),
        ([], "abc", ProbeState.FAIL, "no Spark driver runs users-abc"),
        (
            [("users-old", "RUNNING")],
            "abc",
            ProbeState.FAIL,
            "users-old runs, deployed is users-abc",
        ),
        ([("users-abc", "RUNNING")] * 2, "abc", ProbeState.FAIL, "2 drivers run"),
        ([("users-abc", "WAITING")], "abc", ProbeState.FAIL, "waits for free cores"),
        ([("other", "RUNNING")], "abc", ProbeState.FAIL, "no Spark driver runs users-abc"),
        ([("users-abc", "RUNNING")], None, ProbeState.FAIL, "no release is deployed"),
    ],
)
def test_exactly_one_driver_of_the_release(
    apps: list[tuple[str, str]], release: str | None, state: ProbeState, says: str
) -> None:
    found = driver.evaluate(master(*apps), release, None)
    assert found.state is state
    assert says in found.summary


def reported(
    state: DriverState, cause: str | None = None, restart: Restart | None = None
) -> DriverStatus:
    return DriverStatus(state, "abc", "driver-1", "2026-11-26T09:00:00+00:00", cause, restart)


RESTART = reported(
    DriverState.RUNNING,
    restart=Restart("2026-11-26T09:00:00+00:00", "topic riada.public.users was created"),
)


@pytest.mark.parametrize(
    ("verified_at", "state"),
    [
        (None, ProbeState.WARN),
        (datetime(2026, 11, 26, 8, 59, tzinfo=UTC), ProbeState.WARN),
        (datetime(2026, 11, 26, 9, 1, tzinfo=UTC), ProbeState.OK),
    ],
)
def test_a_driver_that_read_the_topic_from_its_beginning(
    verified_at: datetime | None, state: ProbeState
) -> None:
    """Until a comparison has found all equal."""
    found = driver.evaluate(master(("users-abc", "RUNNING")), "abc", RESTART, verified_at)
    assert found.state == state
    assert ("make repair" in found.summary) == (state == ProbeState.WARN)


def test_a_driver_that_tries_again_tells_why() -> None:
    says = reported(DriverState.RETRYING, "Cassandra takes no row")
    found = driver.evaluate(master(("users-abc", "RUNNING")), "abc", says)
    assert (found.state, found.summary) == (
        ProbeState.FAIL,
        "the driver tries again: Cassandra takes no row",
    )
    assert driver.evaluate(master(("users-new", "RUNNING")), "new", says).state is ProbeState.OK


def test_a_driver_that_has_halted_names_cause_and_remedy() -> None:
    said = reported(DriverState.HALTED, "a column is unknown: make deploy-dags")
    found = driver.evaluate(master(("users-abc", "RUNNING")), "abc", said)
    assert (found.state, found.summary) == (
        ProbeState.FAIL,
        "the driver has halted: a column is unknown: make deploy-dags",
    )


def test_an_old_driver_that_is_relaunching_for_ever_is_not_counted() -> None:
    drivers = (("driver-1", "RELAUNCHING"), ("driver-2", "RUNNING"))
    found = driver.evaluate(master(("users-abc", "RUNNING"), drivers=drivers), "abc", None)
    assert found.evidence["drivers"] == {"driver-2": "RUNNING"}


# --- lag -----------------------------------------------------------------------------------------


def test_everything_delivered() -> None:
    found = lag.evaluate(lag.Position({0: 0, 1: 0}, None, 900.0, 240))
    assert (found.state, found.summary) == (ProbeState.OK, "all rows delivered, 240 ms behind")


def test_rows_on_their_way() -> None:
    found = lag.evaluate(lag.Position({0: 1000, 1: 204}, 1.5, 0.8, None))
    assert found.state is ProbeState.OK
    assert found.summary == "1,204 rows are on their way, the oldest for 1.5 s"


def test_rows_that_wait_while_nothing_is_written() -> None:
    found = lag.evaluate(lag.Position({0: 7}, 90.0, 75.0, None))
    assert found.state is ProbeState.FAIL
    assert "written nothing for 75 s: 7 rows wait" in found.summary


def test_rows_that_only_came_after_a_long_quiet() -> None:
    assert lag.evaluate(lag.Position({0: 7}, 2.0, 3600.0, None)).state is ProbeState.OK


def test_a_backlog_that_is_being_worked_off() -> None:
    assert lag.evaluate(lag.Position({0: 90_000}, 300.0, 1.0, None)).state is ProbeState.OK


def test_a_driver_that_has_never_written() -> None:
    assert lag.evaluate(lag.Position({0: 7}, 90.0, None, None)).state is ProbeState.FAIL


# --- airflow -------------------------------------------------------------------------------------


def health(scheduler_s: float = 1, processor_s: float = 1) -> dict[str, Any]:
    def beat(seconds: float) -> str:
        return (NOW - timedelta(seconds=seconds)).isoformat()

    return {
        "metadatabase": {"status": "healthy"},
        "scheduler": {"status": "healthy", "latest_scheduler_heartbeat": beat(scheduler_s)},
        "dag_processor": {
            "status": "healthy",
            "latest_dag_processor_heartbeat": beat(processor_s),
        },
    }


def test_healthy_airflow() -> None:
    assert airflow.judge_health(health(), [], NOW) is None


@pytest.mark.parametrize(
    ("answer", "gone", "component"),
    [
        (health(scheduler_s=25), [], "airflow-scheduler"),
        (health(processor_s=25), [], "airflow-dag-processor"),
        (health(), ["airflow-scheduler"], "airflow-scheduler"),
        (health() | {"metadatabase": {"status": "unhealthy"}}, [], "postgres"),
    ],
)
def test_the_dead_process_is_named(answer: dict[str, Any], gone: list[str], component: str) -> None:
    found = airflow.judge_health(answer, gone, NOW)
    assert found is not None
    assert (found.state, found.component) == (ProbeState.FAIL, component)


def dag(name: str, release: str = "abc", paused: bool = False) -> dict[str, Any]:
    return {"dag_id": name, "tags": [{"name": f"release:{release}"}], "is_paused": paused}


BOTH = [dag("ingest_users"), dag("stream_users")]
BROKEN = {"filename": "x.py", "stack_trace": "Traceback\nZeroDivisionError: division by zero\n"}


@pytest.mark.parametrize(
    ("dags", "errors", "release", "state", "says"),
    [
        (BOTH, [], "abc", ProbeState.OK, "runs release abc"),
        (BOTH, [], None, ProbeState.FAIL, "no DAG is deployed"),
        (
            BOTH,
            [],
            "new",
            ProbeState.FAIL,
            "ingest_users is not parsed in the deployed release new",
        ),
        (BOTH[:1], [], "abc", ProbeState.FAIL, "stream_users is not parsed"),
        (BOTH, [BROKEN], "abc", ProbeState.FAIL, "ZeroDivisionError"),
        ([dag("ingest_users", paused=True), BOTH[1]], [], "abc", ProbeState.WARN, "is paused"),
    ],
)
def test_the_deployed_dags(
    dags: list[dict[str, Any]],
    errors: list[dict[str, Any]],
    release: str | None,
    state: ProbeState,
    says: str,
) -> None:
    found = airflow.judge_dags(dags, errors, {}, release)
    assert found.state is state
    assert says in found.summary


def test_a_failed_last_run_is_a_warning() -> None:
    found = airflow.judge_dags(BOTH, [], {"ingest_users": {"state": "failed"}}, "abc")
    assert found.state is ProbeState.WARN


def test_a_failed_run_tells_its_cause() -> None:
    runs = {"ingest_users": {"state": "failed", "cause": "page 1: HTTP 400"}}
    found = airflow.judge_dags(BOTH, [], runs, "abc")
    assert found.summary == "the last run of ingest_users failed: page 1: HTTP 400"


def test_the_last_exception_of_a_log_is_the_cause() -> None:
    log: list[Any] = [
        {"event": "first", "error_detail": [{"exc_type": "ValueError", "exc_value": "old"}]},
        {"event": "failed", "error_detail": [{"exc_type": "KeyError", "exc_value": ""}]},
        {"event": "the end"},
        "a line that is no JSON",
    ]
    assert airflow.raised(log) == "KeyError"
    assert airflow.raised([]) == ""


# --- PostgreSQL's errors --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ('could not translate host name "postgres" to address: x', "is not on the network"),
        ("connection to server failed: Connection refused\n\tIs it up?", "refuses connections"),
        ("FATAL:  the database system is starting up\nx", "(FATAL:  the database system is"),
        ("", "OperationalError"),
    ],
)
def test_what_postgres_answers_in_words(error: str, says: str) -> None:
    assert says in cause(psycopg2.OperationalError(error))
