"""The first person: a DAG run of one, followed until Cassandra has it."""

from __future__ import annotations

import time
import urllib.parse
from typing import Any

from cli.clients import control_center
from cli.clients.airflow import Airflow
from cli.clients.http import Refused, Unreachable, call
from cli.host import output
from cli.host.output import Fault, progress
from cli.installations import target
from cli.installations.local import Installation

_SEED = "first-person"
_LIMIT_S = 240
_ASK_EVERY_S = 1
_SAY_EVERY_S = 5
SOURCE_LIMIT_S = 120.0
SOURCE_PAUSE_S = 5.0
_SOURCE_REMEDY = (
    "everything else is up (make status): wait, then make up again; "
    "or choose another source: make up RANDOMUSER_URL=…"
)


def follow(here: Installation) -> dict[str, Any]:
    """Let `ingest_users` fetch the person unless it is there, and return the way it took."""
    number = first_id(here)
    way = _way(here, number)
    if way is None:
        run = {"logical_date": None, "conf": {"seed": _SEED, "people": 1, "batch_size": 1}}
        started = Airflow(here).ask("POST", "/dags/ingest_users/dagRuns", run)
        progress(f"DAG run {started['dag_run_id']} fetches person {number}")
    began = said = time.monotonic()
    while way is None or not _complete(way):
        now = time.monotonic()
        where = "in PostgreSQL, not yet in Cassandra" if way else "not yet in PostgreSQL"
        if now - began > _LIMIT_S:
            raise Fault(f"after {_LIMIT_S} s the first person is {where}", "make status tells why")
        if now - said > _SAY_EVERY_S:
            said = now
            progress(f"the first person is {where}")
        time.sleep(_ASK_EVERY_S)
        way = _way(here, number)
    return way


def _complete(way: dict[str, Any]) -> bool:
    """The job notes a batch down after its rows: a row can be there a moment before its batch."""
    return way["arrived"] and way["spark"] is not None


def describe(way: dict[str, Any]) -> str:
    """The person's way as a few lines: commit, offset, batch, write, milliseconds between."""
    took, kafka, spark = way["milliseconds"], way["kafka"], way["spark"]
    lines = [
        f"person {way['id']}",
        f"  PostgreSQL  committed  {way['postgres']['committed_at']}  LSN {way['postgres']['lsn']}",
        f"  Kafka       on topic   {kafka['at']}  partition {kafka['partition']},"
        f" offset {kafka['offset']}  (+{took['commit_to_topic']} ms)",
        f"  Spark       batch      {spark['started_at']}  number {spark['batch_id']}"
        f"  (+{took['topic_to_batch']} ms)",
        f"  Cassandra   written    {way['cassandra']['written_at']}"
        f"  (+{took['batch_to_written']} ms)",
        f"  from commit to readable: {took['commit_to_readable']} ms",
    ]
    return "\n".join(lines)


def first_id(here: Installation) -> str:
    """The id that the source gives the first person of the seed; a busy source is asked again."""
    url = here.chosen.get("RANDOMUSER_URL") or f"{here.url('randomuser')}/api/"
    query = urllib.parse.urlencode({"seed": _SEED, "results": 1, "inc": "login"})
    deadline = time.monotonic() + SOURCE_LIMIT_S
    while True:
        pause_s = SOURCE_PAUSE_S
        try:
            return str(call("GET", f"{url}?{query}", timeout_s=10)["results"][0]["login"]["uuid"])
        except Refused as refused:
            if refused.status != 429 and refused.status < 500:
                raise Fault(f"the source of people: {refused.cause}", _SOURCE_REMEDY) from None
            cause = f"answers {refused.status}"
            pause_s = max(pause_s, refused.retry_after_s)
        except Unreachable as unreachable:
            cause = unreachable.cause.removeprefix(f"{url}?{query} ")
        except (LookupError, TypeError, ValueError):  # not JSON, or of another shape
            cause = "answers 200 without people"
        if time.monotonic() + pause_s > deadline:
            raise Fault(f"the source of people at {url} {cause}", _SOURCE_REMEDY)
        progress(f"the source of people at {url} {cause}; asked again in {pause_s:.0f} s")
        time.sleep(pause_s)


def _way(here: Installation, number: str) -> dict[str, Any] | None:
    """The person's way so far; None before PostgreSQL has it or while a stage cannot be asked."""
    try:
        return control_center.ask(here, "GET", f"/api/person/{number}")
    except Refused as refused:
        if refused.status in (404, 503):
            return None
        raise
    except Unreachable:
        return None


def main() -> None:
    way = follow(target.current())
    output.emit(way, describe(way))


if __name__ == "__main__":
    output.run(main)
