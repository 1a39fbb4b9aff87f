"""A job of the Control Center is started and followed to its result."""

from __future__ import annotations

import pytest

from cli.clients import jobs
from cli.clients.http import NoResponseError
from cli.clients.jobs import BusyError, JobError
from cli.host.errors import CliError
from cli.installations.local import Installation
from contract.errors import ComponentError, ErrorAnswer, ErrorCode
from contract.jobs.compare import CompareRequest
from contract.jobs.job import JobFailure, JobKind
from contract.jobs.smoke_test import SmokeTestRequest
from tests.cli.server import Answer, JsonServer

PATH = "/api/compare/7"


def status(state: str, following: int, *progress: str, result: object = None) -> Answer:
    return Answer(
        {
            "id": "7",
            "kind": "compare",
            "table": "orders",
            "state": state,
            "started_at": "2026-01-01T00:00:00Z",
            "elapsed_s": 1,
            "progress": [f"[   1.0 s] {line}" for line in progress],
            "next": following,
            "result": result,
        }
    )


pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture(autouse=True)
def _started(server: JsonServer) -> None:
    server.answers["POST /api/compare"] = [Answer({"id": "7"})]


def compare(installation: Installation) -> JobFailure:
    return jobs.run(installation, JobKind.COMPARE, CompareRequest("orders"), JobFailure.from_json)


def test_progress_is_printed_once_and_the_result_returned(
    server: JsonServer, installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answers[f"GET {PATH}"] = [
        status("running", 1, "reading PostgreSQL"),
        status("running", 2, "reading the topic"),
        status("done", 2, result={"error": "", "ok": True}),
    ]
    assert compare(installation).ok
    lines = [line.split("] ", 1)[1] for line in capsys.readouterr().out.splitlines()]
    assert lines == ["reading PostgreSQL", "reading the topic"]
    asked = [request.path for request in server.requests[1:]]
    assert asked == [f"{PATH}?since=0", f"{PATH}?since=1", f"{PATH}?since=2"]


def test_the_request_is_sent_with_the_token(server: JsonServer, installation: Installation) -> None:
    server.answers["POST /api/smoke-test"] = [Answer({"id": "8"})]
    server.answers["GET /api/smoke-test/8"] = [status("done", 0, result={"error": "", "ok": True})]
    jobs.run(
        installation,
        JobKind.SMOKE_TEST,
        SmokeTestRequest("orders", 7, "a-seed", 4.0),
        JobFailure.from_json,
    )
    assert server.requests[0].body == {
        "table": "orders",
        "rows": 7,
        "seed": "a-seed",
        "patience": 4.0,
    }
    assert server.requests[0].headers["Authorization"] == "Bearer control-center-token"


def test_another_job_that_runs_is_named(server: JsonServer, installation: Installation) -> None:
    busy = ComponentError("control-center", "a bench is running", "Wait until it has ended.")
    busy.code = ErrorCode.BUSY
    server.answers["POST /api/compare"] = [Answer(ErrorAnswer.of(busy).to_json(), 409)]
    with pytest.raises(BusyError, match=r"^control-center: a bench is running$") as raised:
        compare(installation)
    assert raised.value.code is ErrorCode.BUSY
    assert raised.value.remedy == "Wait until it has ended."


def test_a_job_that_broke_is_an_error(server: JsonServer, installation: Installation) -> None:
    failure = {"ok": False, "error": "KeyError: 'x'", "trace": []}
    server.answers[f"GET {PATH}"] = [status("failed", 0, result=failure)]
    with pytest.raises(JobError, match=r"compare broke: KeyError: 'x'") as raised:
        compare(installation)
    assert raised.value.remedy == "make logs S=control-center"


def test_a_control_center_may_be_silent_for_a_while(
    server: JsonServer, installation: Installation
) -> None:
    silence = Answer(status=0)
    server.answers[f"GET {PATH}"] = [
        *[silence] * 20,
        status("running", 0),
        *[silence] * 20,
        status("done", 0, result={"error": "", "ok": True}),
    ]
    assert compare(installation).ok


def test_a_control_center_that_stays_silent_is_an_error(
    server: JsonServer, installation: Installation
) -> None:
    server.answers[f"GET {PATH}"] = [Answer(status=0)]
    with pytest.raises(NoResponseError, match="does not answer"):
        compare(installation)
    assert len(server.requests) == 1 + 21


def test_a_result_of_another_release_is_an_error_with_a_remedy(
    server: JsonServer, installation: Installation
) -> None:
    server.answers[f"GET {PATH}"] = [status("done", 0, result={"ok": True, "failure": "of old"})]
    with pytest.raises(CliError, match=r"^control-center: answers in another form") as raised:
        compare(installation)
    assert "make up" in raised.value.remedy
