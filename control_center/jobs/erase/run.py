"""The job: erase one row, or erase again what a restored store has brought back.

Every step may be repeated. A record is written to Kafka and a file before anything is deleted, and
to PostgreSQL with the DELETE: if the command is interrupted, or PostgreSQL is restored to an
earlier time, the next `make erase AGAIN=1` finds what is left to do.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from contract.errors import ComponentError, InvalidInputError, UnreachableError
from contract.jobs.erase import EraseRequest, EraseResult
from contract.table.instant import moment
from contract.table.key import key_text
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.config import COMPONENT
from control_center.jobs import job_protocol
from control_center.jobs.compare.reconcile import Clock
from control_center.jobs.erase import dead_letters, rejects, rows
from control_center.jobs.erase.delivery import LIMIT_S, Delivery, await_deletes, in_cassandra
from control_center.jobs.erase.traces import traces
from control_center.pipeline import row_repository
from control_center.pipeline.erasures.erasures import Erasures
from control_center.pipeline.erasures.record import Erasure
from control_center.pipeline.erasures.selection import OneKey, Selection


@dataclass(frozen=True)
class Task:
    """`keys`: of the rows to delete in Cassandra; `deleted`: of those to delete in PostgreSQL too.
    `selection`: the rejected items and dead letters. `records`: written with the DELETE. `known`:
    when an earlier run ended that erased the same, or None. `mark`, if several rows are erased:
    key → mark of its record."""

    keys: frozenset[str]
    deleted: frozenset[str]
    selection: Selection
    records: tuple[Erasure, ...]
    known: Erasure | None = None
    mark: Callable[[str], str] | None = None


def erase(request: EraseRequest) -> EraseResult:
    """Raises UnreachableError, ComponentError if PostgreSQL refuses the DELETE, InvalidInputError,
    NotFoundError for a table that is not deployed."""
    clients = Clients()
    table = clients.table(request.table)
    return erase_with(clients, table, request)


def erase_with(
    clients: Clients, table: Table, request: EraseRequest, clock: Clock = time
) -> EraseResult:
    """Does the work of erase()."""
    erasures = Erasures.of(clients)
    erasures.restore(table)
    again = request.again
    task = repeated(clients, table, erasures) if again else of_key(table, erasures, request.key)
    return _run(clients, table, erasures, task, clock)


def of_key(table: Table, erasures: Erasures, key: str) -> Task:
    """The erasure of the row with this key."""
    values = row_repository.key_values(table, key)
    if values is None:
        raise InvalidInputError(COMPONENT, f"no row of {table.name} can have this key")
    key = key_text(table, values)
    mark = erasures.mark(table, key)
    keys = frozenset({key})
    begun = Erasure(mark, table.name, _now_ms())
    return Task(keys, keys, OneKey(key, values), (begun,), erasures.known(table).get(mark))


def repeated(clients: Clients, table: Table, erasures: Erasures) -> Task:
    """What a restore has brought back. PostgreSQL lacks the record of a row that came back; a row
    whose record it has was inserted after its erasure, and stays. A row of another PostgreSQL did
    not come back with this one; it is looked for if its erasure has not ended."""
    lost, unfinished = erasures.lost_in_postgres(table), erasures.unfinished(table)
    pending = lost | unfinished
    keys: set[str] = set()
    deleted: set[str] = set()
    if pending:
        job_protocol.progress(f"{table.name}: reads every key, for {len(pending)} erasures")
        sought = unfinished if table.database else pending
        keys = rows.stored_keys(clients, table, erasures.of_records(table, sought))
        back = erasures.of_records(table, lost)
        deleted = {key for key in keys if back.has(key, None)}
    now_ms = _now_ms()
    records = tuple(replace(record, erased_ms=now_ms, ended_ms=None) for record in pending.values())
    selection = erasures.selection(table)
    mark = partial(erasures.mark, table)
    return Task(frozenset(keys), frozenset(deleted), selection, records, mark=mark)


def _run(
    clients: Clients, table: Table, erasures: Erasures, task: Task, clock: Clock
) -> EraseResult:
    erasures.announce(task.records)
    items = rejects.selected(clients, table, task.selection)
    present = in_cassandra(clients, table, task.keys)
    deleted = _delete(clients, table, erasures, task, items)
    job_protocol.progress(
        f"{table.name}: {deleted.rows} rows and {deleted.rejects} rejected items deleted in"
        " PostgreSQL"
    )
    delivery = (
        await_deletes(clients, table, task.keys, clock)
        if task.keys
        else Delivery(frozenset(), complete=True)
    )
    rows.forget_requests(clients, table)
    outcome = dead_letters.erase(clients, table, task.selection, clock.sleep)
    job_protocol.progress(f"{table.name}: {outcome.erased} dead letters removed")
    refused = dict(deleted.refused)
    asked = task.keys if table.database else task.deleted - refused.keys()
    held = row_repository.held_in_postgres(clients, table, asked) if asked else set()
    remains = tuple(_remains(table, held, delivery))
    changed = deleted.rows or deleted.rejects or present or outcome.erased
    ended_ms = _now_ms()
    if not changed and task.known and task.known.ended_ms:
        ended_ms = task.known.ended_ms  # nothing of the row has come since
    if not remains:
        kept = {erasures.mark(table, key) for key in refused}
        ended_records = [record for record in task.records if record.mark not in kept]
        erasures.write([replace(record, ended_ms=ended_ms) for record in ended_records])
    remains += tuple(_refused(refused.values()))
    ended = moment(ended_ms)
    assert ended is not None
    return EraseResult(
        table=table.name,
        ok=not remains,
        erased_at=ended.isoformat(timespec="seconds").replace("+00:00", "Z"),
        erasures=len(task.records) - len(refused),
        postgres=deleted.rows,
        rejects=deleted.rejects,
        dead_letters=outcome.erased,
        cassandra=len(present - delivery.left),
        remains=remains,
        traces=traces(clients, table, ended, outcome, datetime.now(UTC)),
        took_s=job_protocol.elapsed_s(),
    )


def _delete(
    clients: Clients, table: Table, erasures: Erasures, task: Task, items: Sequence[int]
) -> rows.Deleted:
    if task.mark:
        return rows.delete_possible(clients, table, task.deleted, items, task.records, task.mark)
    try:
        return rows.delete(clients, table, task.deleted, items, task.records)
    except UnreachableError:
        raise  # PostgreSQL may have deleted the row
    except ComponentError:
        erasures.withdraw(task.records)
        raise


def _refused(errors: Collection[ComponentError]) -> Iterator[str]:
    """A sentence for each cause."""
    for (cause, remedy), count in Counter((each.cause, each.remedy) for each in errors).items():
        sentence = f"PostgreSQL keeps {count} rows that were erased before: {cause}. {remedy}"
        yield sentence.rstrip(".")  # as every sentence of `remains`


def _remains(table: Table, held: Collection[str], delivery: Delivery) -> Iterator[str]:
    if held and table.database:
        yield (
            f"database {table.database} holds {len(held)} rows, which are not Riada's. Delete them"
            " there, then run make erase again"
        )
    elif held:
        yield (
            f"PostgreSQL holds {len(held)} rows, which were inserted again meanwhile. Run make"
            " erase again"
        )
    if delivery.left:
        yield (
            f"Cassandra holds {len(delivery.left)} rows: make status names what stops the pipeline."
            " Then run make erase again"
        )
    elif not delivery.complete:
        yield (
            f"the pipeline has not carried every change within {LIMIT_S:.0f} s, and one may bring a"
            " row back: make status names what stops it. Then run make erase again"
        )


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
