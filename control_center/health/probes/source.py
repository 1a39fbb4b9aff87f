"""The sources of the tables: does each API deliver items?"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock
from urllib.parse import urlsplit

from contract.errors import UnreachableError
from contract.health.component import component_of
from contract.health.details.source import SourceDetails, TableSource
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from contract.stream.dags import ingest
from contract.table.json_path import value_at
from contract.table.secret_headers import SECRET
from contract.table.source import MANUAL, Source
from control_center.clients.clients import Clients
from control_center.health.by_table import Finding, fail, ok, summarize, warn
from control_center.health.outcome import Outcome

OUTCOME = Outcome("source", "source")
THREADS = 32
CONTINUOUS = re.compile(r"\*(/[1-5])?")  # minutes of a schedule
# An API outside the platform limits its callers, so it is not asked at every run of the probes.
FOREIGN_S = 60.0


@dataclass(frozen=True)
class Request:
    """The request for the first item of a source. `headers`: without those that need a secret,
    which only the DAG has."""

    url: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Answer:
    """What an API answers. `status`: HTTP, 0 if it does not answer; then `cause` says why."""

    status: int
    content: bytes = b""
    cause: str = ""


class Answers:
    """Sends each request once for all tables that share it, and to a foreign API once in
    FOREIGN_S."""

    def __init__(self) -> None:
        self._known: dict[Request, tuple[float, Answer]] = {}
        self._lock = Lock()

    def of(self, clients: Clients, requests: set[Request]) -> dict[Request, Answer]:
        now = time.monotonic()
        with self._lock:
            answers = {
                request: answer
                for request, (at, answer) in self._known.items()
                if request in requests and is_foreign(request.url) and now - at < FOREIGN_S
            }
        missing = list(requests - answers.keys())
        if missing:
            with ThreadPoolExecutor(min(THREADS, len(missing))) as pool:
                asked = dict(zip(missing, pool.map(lambda request: ask(clients, request), missing)))
            with self._lock:
                self._known |= {request: (now, answer) for request, answer in asked.items()}
            answers |= asked
        return answers


_answers = Answers()


def probe(clients: Clients) -> ProbeResult:
    sources = {name: table.source for name, table in clients.tables().items() if table.source}
    environ = {**os.environ, "RANDOMUSER_URL": clients.settings.randomuser_url}
    requests = {name: request_of(source, environ) for name, source in sources.items()}
    answers = _answers.of(clients, {request for request in requests.values() if request})
    return evaluate(sources, requests, answers)


def request_of(source: Source, environ: Mapping[str, str]) -> Request | None:
    """None if the URL has a variable that is not set here."""
    try:
        url = source.address(environ)
    except ValueError:
        return None
    pagination = source.pagination
    size = {pagination.size: 1} if pagination.size else {}
    query = {**source.query, **pagination.query(""), **size}
    plain = {name: text for name, text in source.headers.items() if not SECRET.search(text)}
    return Request(
        url, tuple((name, str(value)) for name, value in query.items()), tuple(plain.items())
    )


def ask(clients: Clients, request: Request) -> Answer:
    try:
        response = clients.http.request(
            "GET",
            request.url,
            service(request.url),
            params=dict(request.query),
            headers=dict(request.headers),
        )
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
    sources: Mapping[str, Source],
    requests: Mapping[str, Request | None],
    answers: Mapping[Request, Answer],
) -> ProbeResult:
    """`sources`: name of each table that has one; `requests`: name → request, None if the URL is
    not known here."""
    if not sources:
        return OUTCOME.ok("no table has a source", SourceDetails({}))
    findings, details = {}, {}
    for name, source in sources.items():
        request = requests[name]
        if request is None:
            findings[name], text = ok(), "its URL has a variable that is not set here"
        else:
            finding = evaluate_answer(name, source, request.url, answers[request])
            # Nobody waits for the rows of a source that only people start.
            manual = source.schedule == MANUAL and finding.state is ProbeState.FAIL
            findings[name] = replace(finding, state=ProbeState.WARN) if manual else finding
            text = findings[name].text or "delivers items"
        url = request.url if request else source.url
        details[name] = TableSource(url, text, is_continuous(source))
    summary = "every source delivers items" if len(sources) > 1 else "delivers items"
    return summarize(OUTCOME, findings, summary, SourceDetails(details), "get new rows")


def is_continuous(source: Source) -> bool:
    """Does the source always have new items, and does a run follow the other? Then a minute without
    a new row is a fault."""
    minute, _, others = source.schedule.partition(" ")
    often = CONTINUOUS.fullmatch(minute) is not None
    return source.pagination.endless and often and others == "* * * *"


def evaluate_answer(name: str, source: Source, url: str, answer: Answer) -> Finding:
    """What the answer says about the table of this name."""
    status, component, dag = answer.status, service(url), ingest(name)
    if not status:
        return fail(f"gets no new rows: {url} {answer.cause}", component)
    if status in (401, 403) and any(SECRET.search(text) for text in source.headers.values()):
        return ok()  # only the DAG has the secret
    if status in (429, 503):
        waits = f"gets no new rows for now: {url} answers {status}; {dag} asks again"
        return warn(waits, component)
    if not 200 <= status < 300:
        return fail(f"gets no new rows: {url} answers {status}", component)
    try:
        items = value_at(json.loads(answer.content), source.items)
    except (LookupError, TypeError, ValueError, RecursionError):
        items = None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        where = f"a list of objects at {source.items}" if source.items else "a list of objects"
        return fail(
            f"gets no new rows: {url} answers {status} in another format, without {where}: is "
            f"source.url right in tables/{name}.toml?",
            component,
        )
    if not items and source.pagination.endless:
        return fail(
            f"gets no new rows: {url} answers {status} and no items; {dag} asks again", component
        )
    return ok()
