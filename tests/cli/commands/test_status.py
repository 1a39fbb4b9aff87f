"""make status and make passwords, on an installation whose Control Center is a server."""

from __future__ import annotations

import pytest

from cli.commands import passwords, status
from cli.host.errors import CliError
from cli.host.options import NoOptions
from cli.installations.local import Installation
from tests.cli.server import Answer, JsonServer

PROBE = {"name": "kafka", "state": "ok", "summary": "1 of 1 brokers", "component": "kafka-1"}
REPORT = {
    "ok": True,
    "sentence": "Data is arriving.",
    "since_s": 60,
    "rows_in_slot": 0,
    "diagnosis": None,
    "probes": [PROBE],
}


def test_a_row_for_each_probe_then_the_sentence(
    server: JsonServer, installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answers["GET /api/status"] = [Answer(REPORT)]
    assert status.run(NoOptions()) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split(maxsplit=2) == ["ok", "kafka", "1 of 1 brokers"]
    assert lines[-1] == "Data is arriving."


def test_a_finding_names_its_component(
    server: JsonServer, installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    lag = {"name": "lag", "state": "fail", "component": "cassandra-1", "summary": "does not answer"}
    kafka = PROBE | {"state": "warn", "summary": "kafka-1: has no leader"}
    server.answers["GET /api/status"] = [Answer(REPORT | {"probes": [kafka, lag]})]
    status.run(NoOptions())
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split(maxsplit=2) == ["warn", "kafka", "kafka-1: has no leader"]
    assert lines[3].split(maxsplit=2) == ["fail", "lag", "cassandra-1: does not answer"]


def test_a_platform_that_fails_ends_with_1(server: JsonServer, installation: Installation) -> None:
    diagnosis = {"stage": "kafka", "component": "kafka-1", "cause": "does not answer"}
    failing = {"ok": False, "diagnosis": diagnosis, "probes": [PROBE | {"state": "fail"}]}
    server.answers["GET /api/status"] = [Answer(REPORT | failing)]
    assert status.run(NoOptions()) == 1


def test_an_answer_of_another_release_is_an_error_with_a_remedy(
    server: JsonServer, installation: Installation
) -> None:
    other = PROBE | {"details": {"brokers": 3}}
    server.answers["GET /api/status"] = [Answer(REPORT | {"probes": [other]})]
    with pytest.raises(CliError, match=r"^control-center: answers in another form") as raised:
        status.run(NoOptions())
    assert "make up" in raised.value.remedy


def test_without_an_installation_there_are_no_passwords(installation: Installation) -> None:
    with pytest.raises(CliError, match="project riada-unit has no passwords"):
        passwords.run(NoOptions())
