"""The Schema Registry: does it hold the tables' subjects, with the compatibility level of the
contract?"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from contract.health.details.schema_registry import SchemaRegistryDetails, TableSubject
from contract.health.result import ProbeResult
from contract.kafka.schemas import COMPATIBILITY
from contract.kafka.topics import events
from control_center.clients.clients import Clients
from control_center.clients.http import Http
from control_center.health.by_table import Finding, fail, ok, summarize, tables
from control_center.health.outcome import Outcome

OUTCOME = Outcome("schema-registry", "schema-registry")
THREADS = 8


def probe(clients: Clients) -> ProbeResult:
    """Two requests, and one for each subject that exists."""
    url = clients.settings.schema_registry_url
    subjects = {name: events(table).value_subject for name, table in clients.tables().items()}
    registered = set(clients.http.json(f"{url}/subjects"))
    default = str(clients.http.json(f"{url}/config")["compatibilityLevel"])
    existing = sorted(registered & set(subjects.values()))
    levels: dict[str, str] = {}
    if existing:
        with ThreadPoolExecutor(min(THREADS, len(existing))) as pool:
            answers = pool.map(lambda subject: level(clients.http, url, subject), existing)
            levels = dict(zip(existing, answers))
    return evaluate(
        {
            name: TableSubject(subject, subject in levels, levels.get(subject, default))
            for name, subject in subjects.items()
        }
    )


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
    return ok()
