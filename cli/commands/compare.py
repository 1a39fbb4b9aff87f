"""Compare PostgreSQL, the topic and Cassandra: count and checksum over every field of all rows, of
one table or of all tables.

Exit code 1 when they differ, with the keys. JSON=1 prints the Control Center's answer.
"""

from __future__ import annotations

from cli.clients import tables
from cli.clients.tables import TableOptions
from cli.host import output
from contract.jobs.compare import CompareRequest, CompareResult, KeyDifference, OffsetGap
from contract.jobs.job import JobKind

SUMMARY = "Compare PostgreSQL, topic and Cassandra in every field of every row (TABLE=orders)"
Options = TableOptions


def run(options: TableOptions) -> int:
    return tables.run_job(
        JobKind.COMPARE, CompareRequest, CompareResult.from_json, report, verdict, options.table
    )


def report(result: CompareResult) -> str:
    """A row for each store, then each key that differs, then the verdict."""
    summaries = {
        "postgres": result.postgres,
        "topic": result.topic,
        "cassandra": result.cassandra,
    }
    stores = [(name, f"{store.count:,}", store.checksum) for name, store in summaries.items()]
    parts = [output.table(stores, ("store", "rows", "checksum"))]
    if keys := [(key.key, difference(key)) for key in result.keys]:
        parts.append(output.table(keys, ("key", "how it differs")))
    if gaps := [gap_text(gap) for gap in result.offsets.gaps]:
        parts.append("\n".join(gaps))
    return "\n\n".join([*parts, verdict(result)])


def gap_text(gap: OffsetGap) -> str:
    """Offsets that the table's query has skipped. Their messages are compared as well."""
    offsets = f"offsets {gap.start} to {gap.end - 1}"
    return f"partition {gap.partition}: {offsets} are in no batch of spark-driver"


def difference(key: KeyDifference) -> str:
    """How one key differs, e.g. "not in cassandra" or "cassandra has another city"."""
    missing = [f"not in {store}" for store in key.missing]
    columns = {store: ", ".join(names) for store, names in key.fields.items() if names}
    others = [f"{store} has another {names}" for store, names in columns.items()]
    names = ", ".join(key.outside_domain)
    outside = [f"correct {names} in PostgreSQL"] if names else []
    return "; ".join([*missing, *others, *outside])


def verdict(result: CompareResult) -> str:
    """The verdict in a sentence."""
    offsets = result.offsets
    if not result.equal:
        more = result.differing - len(result.keys)
        shown = f" ({more:,} are not shown)" if more > 0 else ""
        return f"{result.differing:,} keys differ{shown}: make repair TABLE={result.table}"
    if not result.ok:
        return (
            f"{offsets.read:,} of {offsets.expected:,} messages read, "
            f"{offsets.unaccounted:,} neither in Cassandra nor a dead letter"
        )
    return f"equal in every field; {offsets.events:,} events, {offsets.dead_letters:,} dead letters"
