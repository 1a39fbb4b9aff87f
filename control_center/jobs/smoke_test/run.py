"""The smoke test from the first look to the last check."""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict
from typing import Any

from contract.errors import UnreachableError
from control_center.clients.clients import Clients
from control_center.config import SUBJECT, TOPIC, Settings
from control_center.health.diagnosis import Diagnosis, diagnose
from control_center.health.result import ProbeResult
from control_center.health.runner import Runner
from control_center.jobs import protocol
from control_center.jobs.smoke_test import source
from control_center.jobs.smoke_test.checks import Checks, FellShortError
from control_center.jobs.smoke_test.follow import STALL_S, Follower
from control_center.jobs.smoke_test.topic import Topic
from control_center.pipeline import batches, user_repository
from control_center.pipeline.row_diff import compare

PAGE = 1000
DAG = "ingest_users"
SLOT_LIMIT = 256 << 20  # bytes of WAL that may be retained once all is delivered


def smoke_test(
    people: int = 5000, seed: str | None = None, patience: float = 1.0
) -> dict[str, Any]:
    """{ok, people, seed, patience, took_s, checks: [{check, ok, evidence, details}], diagnosis}."""
    clients, checks = Clients(Settings.load({"PATIENCE": patience})), Checks()
    seed = seed or f"smoke-{secrets.token_hex(6)}"
    result: dict[str, Any] = {"people": people, "seed": seed, "patience": patience}
    try:
        _run(clients, checks, seed, people)
        diagnosis = None
    except FellShortError as error:
        diagnosis = error.diagnosis
        protocol.progress(f"fell short: {diagnosis}")
    except UnreachableError as error:
        found = diagnose(Runner(clients).run())
        diagnosis = found or Diagnosis(error.component, error.component, error.cause)
        protocol.progress(f"broken off: {diagnosis}")
    return result | {
        "ok": diagnosis is None,
        "took_s": protocol.elapsed_s(),
        "checks": checks.as_json(),
        "diagnosis": asdict(diagnosis) if diagnosis else None,
    }


def _run(clients: Clients, checks: Checks, seed: str, wanted: int) -> None:
    runner = Runner(clients)
    follower = Follower(runner, STALL_S * clients.settings.patience)

    first = runner.run()
    found = diagnose(first)
    checks.add(
        "every component answers",
        found is None,
        str(found or f"{len(first)} probes"),
        found or Diagnosis("", "", ""),
        probes=[one.as_json() for one in first],
    )

    protocol.progress(f"source: asking for {wanted:,} people of seed {seed}")
    expected = source.fetch(clients, seed, wanted, PAGE)
    people, ids = expected.people, set(expected.people)
    checks.add(
        "source",
        len(people) + expected.refused + expected.repeated == wanted,
        f"{len(people):,} people, {expected.refused} unfit for a row, "
        f"{expected.repeated} came twice",
        Diagnosis("randomuser", "randomuser", f"gave {len(people):,} people, not {wanted:,}"),
    )

    known = user_repository.count_in_postgres(clients, ids)
    start = clients.kafka.earliest(TOPIC) if known else clients.kafka.offsets(TOPIC)
    run = clients.airflow.post(
        f"/dags/{DAG}/dagRuns",
        {
            "logical_date": None,
            "conf": {"seed": seed, "people": wanted, "batch_size": PAGE, "rate": 0},
        },
    )["dag_run_id"]
    protocol.progress(f"airflow: started {DAG} run {run}")

    def stored() -> int:
        state = clients.airflow.get(f"/dags/{DAG}/dagRuns/{run}")["state"]
        if state == "failed":
            cause = f"{DAG} run {run} failed: make logs S=airflow-scheduler"
            raise FellShortError(Diagnosis("airflow", "airflow-scheduler", cause))
        return user_repository.count_in_postgres(clients, ids)

    follower.follow("postgres", len(ids), stored, "airflow-scheduler")
    difference = compare(people, user_repository.in_postgres(clients, ids))
    checks.add(
        "source = PostgreSQL",
        not difference,
        _counts(len(people), difference.as_json()),
        Diagnosis("postgres", "airflow-scheduler", "PostgreSQL holds other people than the source"),
        **difference.as_json(),
        dag_run=run,
    )

    topic = Topic(clients, start, ids)
    follower.follow("topic", len(ids), topic.count, "connect")
    newest = topic.newest()
    difference = compare(people, {key: seen.event.row for key, seen in newest.items()})
    checks.add(
        "PostgreSQL = topic",
        not difference,
        _counts(len(people), difference.as_json()),
        Diagnosis("topic", "connect", "the topic holds other people than PostgreSQL"),
        **difference.as_json(),
        undecodable=topic.undecodable,
    )
    twice, versions = topic.redelivered(), topic.versions()
    once = twice == 0 and (known > 0 or versions == len(ids))
    checks.add(
        "none twice on the topic",
        once,
        f"{versions:,} versions of {len(ids):,} people, {twice} delivered again",
        Diagnosis("topic", "connect", f"{twice} events are on the topic twice with one version"),
        redelivered=twice,
        versions=versions,
    )

    def written() -> int:
        batch = batches.newest(clients)
        done = batch.end_offsets if batch else {}
        return sum(seen.offset < done.get(seen.partition, 0) for seen in newest.values())

    follower.follow("cassandra", len(ids), written, "spark-driver")
    rows, origins = user_repository.in_cassandra(clients, ids)
    difference = compare(people, rows)
    checks.add(
        "topic = Cassandra",
        not difference,
        _counts(len(people), difference.as_json()),
        Diagnosis("cassandra", "spark-driver", "Cassandra holds other people than the topic"),
        **difference.as_json(),
    )
    strays = [key for key, seen in newest.items() if origins[key]["source_lsn"] != seen.event.lsn]
    checks.add(
        "Cassandra holds the newest version",
        not strays,
        f"{len(origins) - len(strays):,} of {len(ids):,} carry the newest event's LSN",
        Diagnosis("cassandra", "spark-driver", f"{len(strays)} people are of another version"),
        first=strays[:5],
    )
    _at_the_end(clients, checks, runner, follower)


def _at_the_end(clients: Clients, checks: Checks, runner: Runner, follower: Follower) -> None:
    """Registry, connector, slot, driver and lag, once everybody has arrived."""
    ends = clients.kafka.offsets(TOPIC)

    def delivered() -> int:
        batch = batches.newest(clients)
        return sum(ends.values()) - sum(
            batches.waiting(ends, batch.end_offsets if batch else {}).values()
        )

    follower.follow("lag", sum(ends.values()), delivered, "spark-driver")
    checks.add("lag", True, f"0 of {sum(ends.values()):,} messages wait", Diagnosis("", "", ""))

    results = {one.name: one for one in _settled(runner)}
    for name in ("schema-registry", "connect", "slot", "topic", "driver"):
        one = results[name]
        ok = one.state == "ok"
        if name == "slot":
            ok = ok and (one.evidence.get("retained_wal_bytes") or 0) <= SLOT_LIMIT
        if name == "topic":
            ok = one.state != "fail"
        label = f"{name}: {SUBJECT}" if name == "schema-registry" else name
        otherwise = Diagnosis(name, one.component, one.summary)
        checks.add(label, ok, one.summary, otherwise, **one.evidence)


def _settled(runner: Runner, patience_s: float = 30) -> list[ProbeResult]:
    """The results once the slot's reader has confirmed what is delivered, or patience is over."""
    until = time.monotonic() + patience_s
    while True:
        results = runner.run()
        retained = next(one for one in results if one.name == "slot").evidence.get(
            "retained_wal_bytes"
        )
        if time.monotonic() > until or (retained is not None and retained <= SLOT_LIMIT):
            return results
        protocol.progress("slot: waiting for its reader to confirm")
        time.sleep(2)


def _counts(total: int, difference: dict[str, Any]) -> str:
    wrong = difference["missing"] + difference["differing"]
    return (
        f"{total - wrong:,} of {total:,} equal in every field, "
        f"{difference['missing']} missing, {difference['differing']} differing"
    )
