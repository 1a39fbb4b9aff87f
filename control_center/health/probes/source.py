"""The sources of the tables: does each API deliver items?"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from contract.errors import UnreachableError
from contract.health.component import component_of
from contract.health.details.source import SourceDetails, TableSource
from contract.health.result import ProbeResult
from contract.stream.dags import ingest
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.health.by_table import Finding, fail, ok, summarize, warn
from control_center.health.outcome import Outcome

OUTCOME = Outcome("source", "source")
VARIABLE = re.compile(r"\$\{?([A-Z_][A-Z0-9_]*)\}?")
THREADS = 8
# An API outside the platform limits its callers, so it is not asked at every run of the probes.
FOREIGN_S = 60.0


@dataclass(frozen=True)
class Answer:
    """What an API answers. `status`: HTTP, 0 if it does not answer; then `cause` says why."""

    status: int
    content: bytes = b""
    cause: str = ""


class Answers:
    """Asks each URL once for all tables that share it, and a foreign API once in FOREIGN_S."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, Answer]] = {}
        self._lock = Lock()

    def of(self, clients: Clients, urls: set[str]) -> dict[str, Answer]:
        now = time.monotonic()
        with self._lock:
            answers = {
                url: answer
                for url, (at, answer) in self._known.items()
                if url in urls and is_foreign(url) and now - at < FOREIGN_S
            }
        missing = sorted(urls - answers.keys())
        if missing:
            with ThreadPoolExecutor(min(THREADS, len(missing))) as pool:
                asked = dict(zip(missing, pool.map(lambda url: ask(clients, url), missing)))
            with self._lock:
                self._known |= {url: (now, answer) for url, answer in asked.items()}
            answers |= asked
        return answers


_answers = Answers()


def probe(clients: Clients) -> ProbeResult:
    tables = {name: table for name, table in clients.tables().items() if table.source}
    variables = {**os.environ, "RANDOMUSER_URL": clients.settings.randomuser_url}
    urls = {name: expand(table, variables) for name, table in tables.items()}
    answers = _answers.of(clients, {url for url in urls.values() if "$" not in url})
    return evaluate(tables, urls, answers)


def expand(table: Table, variables: Mapping[str, str]) -> str:
    """The URL of the table's source; a variable that is not known stays in it."""
    assert table.source is not None
    return VARIABLE.sub(lambda found: variables.get(found[1], found[0]), table.source.url)


def ask(clients: Clients, url: str) -> Answer:
    try:
        response = clients.http.request("GET", url, service(url))
    except UnreachableError as error:
        return Answer(0, cause=error.cause)
    return Answer(response.status_code, response.content)


def is_foreign(url: str) -> bool:
    """Is it an API outside the platform? The platform's services have names without a domain, and
    on AWS the domain .internal."""
    host = urlsplit(url).hostname or ""
    return "." in host and not host.endswith(".internal")


def service(url: str) -> str:
    """The component that serves the URL: a service of the platform, or another host."""
    return (urlsplit(url).hostname or url) if is_foreign(url) else component_of(url)


def evaluate(
    tables: Mapping[str, Table], urls: Mapping[str, str], answers: Mapping[str, Answer]
) -> ProbeResult:
    """`tables`: those with a source; `urls`: name → URL; `answers`: URL → answer."""
    if not tables:
        return OUTCOME.ok("no table has a source", SourceDetails({}))
    findings, details = {}, {}
    for name, table in tables.items():
        answer = answers.get(urls[name])
        finding = evaluate_answer(name, urls[name], answer, items_path(table)) if answer else ok()
        findings[name] = finding
        text = finding.text or ("delivers items" if answer else "its URL is not known here")
        details[name] = TableSource(urls[name], text)
    summary = "every source delivers items" if len(tables) > 1 else "delivers items"
    return summarize(OUTCOME, findings, summary, SourceDetails(details))


def evaluate_answer(name: str, url: str, answer: Answer, path: str) -> Finding:
    """What the answer says about the table of this name; `path`: where its items are."""
    status, component = answer.status, service(url)
    if not status:
        return fail(f"gets no new rows: {url} {answer.cause}", component)
    if status in (401, 403) and is_foreign(url):
        return ok()  # the Control Center has no login; the DAG has
    if status in (429, 503):
        return warn(
            f"gets no new rows for now: {url} answers {status}; {ingest(name)} asks again",
            component,
        )
    if not 200 <= status < 300:
        return fail(f"gets no new rows: {url} answers {status}", component)
    try:
        items = find_items(json.loads(answer.content), path)
    except (LookupError, TypeError, ValueError, RecursionError):
        items = None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        where = f"a list of objects at {path!r}" if path else "a list of objects"
        return fail(
            f"gets no new rows: {url} answers {status} in another format, without {where}: is the "
            f"source in tables/{name}.toml right?",
            component,
        )
    if not items:
        return fail(
            f"gets no new rows: {url} answers {status} and no items; {ingest(name)} asks again",
            component,
        )
    return ok()


def items_path(table: Table) -> str:
    """Where the items are in the answer, such as data.items."""
    return str(getattr(table.source, "items", "results"))


def find_items(body: Any, path: str) -> Any:
    """The value at a dotted path; raises LookupError, TypeError."""
    for name in filter(None, path.split(".")):
        body = body[name]
    return body
