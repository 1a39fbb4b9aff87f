"""Sessions of pytest: their arguments and environment, and what is removed around them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.commands import test as test_command
from cli.dev import session
from cli.dev.session import Options
from cli.host.errors import CliError
from cli.host.paths import ROOT
from cli.installations.local import Installation

# Replaces pytest: prints its arguments and variables, and ends with 3.
PYTHON = f"""#!{sys.executable}
import json, os, sys
print(json.dumps([sys.argv[1:], os.environ["KEEP"], os.environ["PYTEST"], os.environ.get("NODES")]))
sys.exit(3)
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(PYTHON)
    python.chmod(0o755)
    monkeypatch.setattr(session, "ROOT", tmp_path)
    monkeypatch.setattr(session, "FIGURES", tmp_path / ".riada/figures.json")
    monkeypatch.delenv("JSON", raising=False)
    monkeypatch.delenv("NODES", raising=False)
    return tmp_path


def test_options_reach_pytest(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    options = Options(pytest="-k 'poison or bench'", keep=True)
    assert session.run_pytest(["tests/e2e"], options, {"NODES": "3"}) == 3
    arguments, keep, extra, nodes = json.loads(capfd.readouterr().out)
    assert arguments == ["-m", "pytest", "-v", "tests/e2e", "-k", "poison or bench"]
    assert (keep, extra, nodes) == ("1", "-k 'poison or bench'", "3")


def test_keep_is_empty_when_it_is_off(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    session.run_pytest([], Options())
    assert json.loads(capfd.readouterr().out)[1:] == ["", "", None]


def test_with_json_the_session_prints_to_standard_error(
    root: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JSON", "1")
    session.run_pytest([], Options())
    assert capfd.readouterr().out == ""


def test_without_a_virtual_environment_there_is_a_remedy(root: Path) -> None:
    (root / ".venv/bin/python").unlink()
    with pytest.raises(CliError, match=r"\.venv does not exist") as raised:
        session.run_pytest([], Options())
    assert raised.value.remedy == "make .venv"


def test_figures_are_printed(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    python = root / ".venv/bin/python"
    path = root / ".riada/figures.json"
    python.write_text(f"#!/bin/bash\necho '{{\"apply_s\": 12}}' >{path}\n")
    assert session.run_aws_tests([], Options()) == 0
    assert "apply s  12" in capfd.readouterr().out


def test_a_session_without_figures_is_an_error(root: Path) -> None:
    with pytest.raises(CliError, match="measured nothing"):
        session.run_aws_tests([], Options())


@pytest.mark.parametrize(("keep", "removals"), [(False, 2), (True, 0)])
def test_the_installation_is_removed_before_and_after(
    keep: bool, removals: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed: list[str] = []

    def remove(installation: Installation) -> None:
        removed.append(installation.project)

    def failing() -> int:
        assert len(removed) == removals // 2
        raise KeyboardInterrupt

    monkeypatch.setattr(session, "remove", remove)
    with pytest.raises(KeyboardInterrupt):
        session.on_own_platform(failing, keep)
    assert removed == [session.PROJECT] * removals


def test_a_session_runs_all_folders_or_those_that_are_named() -> None:
    assert test_command.folders("-k poison")[0] == "tests/lint"
    assert test_command.folders("tests/e2e/test_poison.py -x") == []
    assert test_command.folders("tests/cli/test_main.py::test_help") == []


def test_a_folder_that_no_session_runs_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_command, "ORDER", ("lint",))
    with pytest.raises(CliError, match=r"no session runs these folders of tests/: .*e2e"):
        test_command.folders("")


def test_an_empty_project_is_not_the_user_s() -> None:
    command = "from cli.dev.session import PROJECT; print(PROJECT)"
    environment = {**os.environ, "TEST_PROJECT": ""}
    printed = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert printed.stdout == "riada-test\n"
