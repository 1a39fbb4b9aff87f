"""The Schema Registry: does it hold the tables' subjects, with the compatibility level of the
contract?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import quote

from contract.errors import UnreachableError
from contract.health.details.schema_registry import SchemaRegistryDetails, TableSubject
from contract.health.result import ProbeResult
from contract.kafka.schemas import COMPATIBILITY
from contract.kafka.topics import events
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.clients.http import Http
from control_center.health.by_table import Finding, fail, ok, summarize, tables
from control_center.health.outcome import Outcome

OUTCOME = Outcome("schema-registry", "schema-registry")
THREADS = 8


def probe(clients: Clients) -> ProbeResult:
    """Two requests, and one for each subject that exists."""
    url = clients.settings.schema_registry_url
    release = clients.tables()
    subjects = {name: events(table).value_subject for name, table in release.items()}
    registered = set(clients.http.json(f"{url}/subjects"))
    default = str(clients.http.json(f"{url}/config")["compatibilityLevel"])
    existing = sorted(registered & set(subjects.values()))
    levels: dict[str, str] = {}
    if existing:
        with ThreadPoolExecutor(min(THREADS, len(existing))) as pool:
            answers = pool.map(lambda subject: level(clients.http, url, subject), existing)
            levels = dict(zip(existing, answers))
    unregistered = [table for name, table in release.items() if subjects[name] not in levels]
    lost = with_messages(clients, unregistered) if unregistered else set()
    return evaluate(
        {
            name: TableSubject(
                subject, subject in levels, levels.get(subject, default), name in lost
            )
            for name, subject in subjects.items()
        }
    )


def with_messages(clients: Clients, tables: Iterable[Table]) -> set[str]:
    """The names of those whose topic has messages; {} if Kafka does not answer, which another probe
    reports."""
    with suppress(UnreachableError):
        known = clients.kafka.topics()
        names = {events(table).name: table.name for table in tables}
        spans = clients.kafka.spans({topic: known[topic] for topic in names if topic in known})
        return {
            names[topic]
            for topic, parts in spans.items()
            if any(end > first for first, end in parts.values())
        }
    return set()


def level(http: Http, url: str, subject: str) -> str:
    """The level in force for the subject: its own level, otherwise the global level."""
    path = f"{url}/config/{quote(subject, safe='')}"
    return str(http.json(path, params={"defaultToGlobal": "true"})["compatibilityLevel"])


def evaluate(subjects: Mapping[str, TableSubject]) -> ProbeResult:
    """`subjects`: name of a table → its subject."""
    registered = sum(subject.registered for subject in subjects.values())
    summary = f"holds the schemas of {tables(registered)}, {COMPATIBILITY}"
    if empty := len(subjects) - registered:
        summary += f"; the first row brings the schema of {tables(empty)}"
    findings = {name: evaluate_subject(subject) for name, subject in subjects.items()}
    return summarize(OUTCOME, findings, summary, SchemaRegistryDetails(subjects), "have a schema")


def evaluate_subject(subject: TableSubject) -> Finding:
    if subject.compatibility != COMPATIBILITY:
        return fail(
            f"has a subject whose compatibility is {subject.compatibility}, not {COMPATIBILITY}: "
            f"set that of {subject.subject} to {COMPATIBILITY}"
        )
    if subject.lost:
        return fail(
            f"has messages, and no schema of {subject.subject} that they name: the registry lost "
            "it: make rebuild"
        )
    return ok()
