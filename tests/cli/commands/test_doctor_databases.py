"""doctor checks the PostgreSQL servers that folders of tables/ describe."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.commands import doctor
from cli.host.errors import CliError
from cli.host.machine.check import Check, CheckState
from cli.host.options import NoOptions
from cli.installations import target
from cli.installations.aws import AwsInstallation
from cli.installations.local import Installation
from contract.jobs.databases import CheckResult, DatabaseCheck, Problem
from tests.cli.server import Answer, JsonServer

FILES = {"shop/database.toml": "tls = false\n", "users.toml": 'key = ["id"]\n'}
READY = DatabaseCheck("db.example:5432", "16.4", reachable=True)
UNREADY = DatabaseCheck(
    "db.example:5432",
    "18.0",
    reachable=True,
    problems=(Problem("wal_level is replica", "Set wal_level = logical and restart."),),
    statements="CREATE SCHEMA riada;\n",
    warnings=("runs PostgreSQL 18.0",),
)
PATH = "POST /api/databases/check"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installation: Installation) -> Path:
    """A checkout with a folder in tables/, on a machine that meets the requirements."""
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    passed = Check("memory", CheckState.PASS, "16 GiB", "8 GiB")
    monkeypatch.setattr(doctor, "all_checks", lambda project, ports: [passed])
    for path, text in FILES.items():
        (tmp_path / "tables" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tables" / path).write_text(text)
    return tmp_path


def answer(server: JsonServer, check: DatabaseCheck, **faults: str) -> None:
    server.answers[PATH] = [Answer(CheckResult({"shop": check}, faults).to_json())]


def test_a_ready_database(
    root: Path, server: JsonServer, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(server, READY)
    assert doctor.run(NoOptions()) == 0
    assert server.requests[0].body == {"files": FILES}
    assert capsys.readouterr().out.endswith(
        "1 passed, 0 warnings, 0 failed\n\n"
        "database shop at db.example:5432: PostgreSQL 16.4\n"
        "  pass  everything that capture needs is there\n"
    )


def test_what_is_missing_is_printed_with_its_statements(
    root: Path, server: JsonServer, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(server, UNREADY)
    assert doctor.run(NoOptions()) == 1
    assert capsys.readouterr().out.endswith(
        "database shop at db.example:5432: PostgreSQL 18.0\n"
        "  fail  wal_level is replica\n"
        "        Set wal_level = logical and restart.\n"
        "  warn  runs PostgreSQL 18.0\n"
        "  missing in shop; run it there with psql as a superuser, on RDS as its master:\n"
        "\n"
        "CREATE SCHEMA riada;\n"
    )


def test_a_file_that_cannot_be_used(
    root: Path, server: JsonServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answers[PATH] = [
        Answer(CheckResult(faults={"shop/database.toml": "ca is missing"}).to_json())
    ]
    assert doctor.run(NoOptions()) == 1
    assert "tables/shop/database.toml\n  fail  ca is missing\n" in capsys.readouterr().out


def test_json(
    root: Path,
    server: JsonServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("JSON", "1")
    answer(server, UNREADY)
    assert doctor.run(NoOptions()) == 1
    printed = json.loads(capsys.readouterr().out)
    assert (printed["ok"], printed["failed"]) == (False, 0)
    assert printed["databases"]["shop"]["statements"] == "CREATE SCHEMA riada;\n"
    assert printed["checks"][0]["name"] == "memory"


def test_a_platform_that_does_not_run(
    root: Path, server: JsonServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answers[PATH] = [Answer(status=0)]
    assert doctor.run(NoOptions()) == 0
    assert capsys.readouterr().out.endswith("because the platform does not run\n")


def test_a_platform_that_refuses_the_request(root: Path, server: JsonServer) -> None:
    server.answers[PATH] = [Answer({"detail": "Not Found"}, 404)]
    with pytest.raises(CliError, match="another release"):
        doctor.run(NoOptions())


def test_without_folders_nothing_is_asked(root: Path, server: JsonServer) -> None:
    (root / "tables/shop/database.toml").unlink()
    assert doctor.run(NoOptions()) == 0
    assert not server.requests


def test_on_aws_the_databases_alone_are_checked(
    root: Path,
    server: JsonServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    class OneServer(AwsInstallation):
        def url(self, kind: str) -> str:
            return server.url

        def secret(self, name: str) -> str:
            return name

    monkeypatch.setattr(target, "current", lambda: OneServer("riada", {}))
    answer(server, READY)
    assert doctor.run(NoOptions()) == 0
    assert capsys.readouterr().out.startswith("database shop at ")
