"""Erase a row, such as the one of a person who asks for it, from every store that Riada writes.

make erase TABLE=orders KEY=7  deletes the row in PostgreSQL, waits until the pipeline has deleted
                               it in Cassandra, removes its rejected items and dead letters, and
                               prints where traces remain and until when; may be run again
make erase AGAIN=1             after a restore: erases again what came back, of all tables or TABLE

A key of several columns is a JSON array: make erase TABLE=lines KEY='[7,1]'. Exit code 1 if a store
still holds the row. JSON=1 prints the Control Center's answer. No log has the key; docs/erasure.md
says what remains, and how to prove an erasure.
"""

from __future__ import annotations

from dataclasses import dataclass

from cli.clients import tables
from cli.host import output
from cli.host.errors import SettingError
from cli.host.options import flag, text
from contract.jobs.erase import EraseRequest, EraseResult
from contract.jobs.job import JobKind

SUMMARY = "Erase a row from every store: make erase TABLE=orders KEY=7 (AGAIN=1 after a restore)"
EXAMPLE = "for example make erase TABLE=orders KEY=7; after a restore make erase AGAIN=1"


@dataclass(frozen=True)
class Options:
    table: str = text("", "name of the table; with AGAIN=1 by default all tables")
    key: str = text("", "the row's key")
    again: bool = flag("erase again what a restored store has brought back")


def run(options: Options) -> int:
    if options.again and options.key:
        raise SettingError("AGAIN=1 takes no KEY", EXAMPLE)
    if not options.again and not (options.table and options.key):
        raise SettingError("TABLE and KEY, or AGAIN=1, are needed", EXAMPLE)
    return tables.run_job(
        JobKind.ERASE,
        lambda table: EraseRequest(table, options.key, options.again),
        EraseResult.from_json,
        report,
        verdict,
        options.table,
    )


def report(result: EraseResult) -> str:
    """What was erased, what remains, and the traces with their dates."""
    rows = [
        (trace.store, trace.until or "no date", _sentence(trace.what, trace.remedy))
        for trace in result.traces
    ]
    listed = output.table(rows, ("store", "until at the latest", "trace"))
    return f"{verdict(result)}\n\n{listed}\n"


def verdict(result: EraseResult) -> str:
    counts = (
        f"erased: {result.postgres:,} rows in PostgreSQL, {result.cassandra:,} in Cassandra,"
        f" {result.rejects:,} rejected items, {result.dead_letters:,} dead letters"
    )
    return "\n".join([counts, *(f"NOT ERASED: {sentence}." for sentence in result.remains)])


def _sentence(what: str, remedy: str) -> str:
    return f"{what}. {remedy}" if remedy else what
