"""A web page of another site that somebody on this machine opens reads nothing of the published
services and changes nothing there by requests that a browser sends without asking first."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest

from contract.kafka.capture import CONNECTOR
from contract.kafka.schemas import CONFLUENT_API
from tests.harness.platform import Platform

ORIGIN = "http://evil.example"
READS = [
    ("schema-registry", f"{CONFLUENT_API}/subjects"),
    ("prometheus", "/api/v1/query?query=up"),
    ("connect", "/connectors"),
    ("control-center", "/api/status"),
    ("airflow-api-server", "/api/v2/dags"),
    ("spark-master", "/json/"),
]
# The forms of a request that need no preflight: POST with one of three types of content.
CHANGES = [
    ("schema-registry", f"{CONFLUENT_API}/subjects/evil/versions", "application/json"),
    ("schema-registry", f"{CONFLUENT_API}/subjects/evil/versions", "text/plain"),
    ("connect", f"/connectors/{CONNECTOR}/restart", "text/plain"),
    ("control-center", "/api/connector/restart", "text/plain"),
    ("prometheus", "/-/reload", "text/plain"),
    ("airflow-api-server", "/api/v2/dags/stream_tables/dagRuns", "text/plain"),
]


def send(platform: Platform, kind: str, path: str, **request: object) -> tuple[int, str | None]:
    """Status, and the origin whose page may read the answer."""
    url = f"{platform.installation.url(kind)}{path}"
    headers = {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"}
    headers |= {"Content-Type": str(request.get("content", "text/plain"))}
    body = b'{"schema": "\\"string\\""}' if request.get("method") == "POST" else None
    asked = urllib.request.Request(url, body, headers, method=str(request.get("method", "GET")))
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(asked, timeout=30) as answer:
            return answer.status, answer.headers.get("Access-Control-Allow-Origin")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get("Access-Control-Allow-Origin")


@pytest.mark.parametrize(("kind", "path"), READS, ids=[kind for kind, _ in READS])
def test_a_page_of_another_site_reads_no_answer(platform: Platform, kind: str, path: str) -> None:
    _, readers = send(platform, kind, path)
    assert readers not in ("*", ORIGIN)


@pytest.mark.parametrize(("kind", "path", "content"), CHANGES)
def test_a_page_of_another_site_changes_nothing(
    platform: Platform, kind: str, path: str, content: str
) -> None:
    status, _ = send(platform, kind, path, method="POST", content=content)
    assert status in (401, 403, 405, 415)
