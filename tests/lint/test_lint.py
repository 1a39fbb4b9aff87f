"""Style, types and formats of every kind of file, each by its own tool."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cli.host.paths import ROOT

BIN = ROOT / ".venv/bin"


def tracked(*patterns: str) -> list[str]:
    """Files of the repository, those not yet added included."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    said = subprocess.run(listed, cwd=ROOT, text=True, capture_output=True, check=True).stdout
    return sorted({name for name in said.splitlines() if (ROOT / name).is_file()})


def shell_scripts() -> list[str]:
    return [name for name in tracked() if _first_line(ROOT / name).startswith("#!/bin/bash")]


def _first_line(path: Path) -> str:
    with path.open("rb") as file:
        return file.readline(200).decode(errors="replace")


def check(tool: str, *arguments: str) -> None:
    """Run a tool of .venv; fail with what it prints."""
    done = subprocess.run(
        [BIN / tool, *arguments],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        pytest.fail(f"{tool} {' '.join(arguments[:3])} …\n{done.stdout}", pytrace=False)


def test_ruff_check() -> None:
    check("ruff", "check", ".")


def test_ruff_format() -> None:
    check("ruff", "format", "--check", ".")


def test_types() -> None:
    check("mypy", "capture", "cli", "contract", "control_center")


def test_types_of_the_oldest_python_that_runs_commands() -> None:
    check("mypy", "--python-version", "3.10", "cli")


def test_shellcheck() -> None:
    check("shellcheck", "--external-sources", "--source-path=SCRIPTDIR", *shell_scripts())


def test_shfmt() -> None:
    check("shfmt", "--diff", "-i", "4", "-ci", "-bn", *shell_scripts())


def test_dockerfiles() -> None:
    check("hadolint", "--config", "tests/lint/hadolint.yaml", *tracked("*Dockerfile"))


def test_yaml() -> None:
    files = tracked("*.yaml", "*.yml")
    assert files
    check("yamllint", "--strict", "--config-file", "tests/lint/yamllint.yaml", *files)


def test_terraform_fmt() -> None:
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not installed: https://developer.hashicorp.com/terraform/install")
    done = subprocess.run(
        ["terraform", "fmt", "-check", "-recursive", "-diff", "infra"],
        cwd=ROOT,
        text=True,
        capture_output=True,
    )
    if done.returncode:
        pytest.fail(done.stdout + done.stderr, pytrace=False)


def test_infra_breaks_no_rule_of_checkov() -> None:
    tool = ROOT / ".venv/checkov/bin/checkov"
    options = ("--framework", "terraform", "--skip-download", "--compact", "--output", "json")
    done = subprocess.run(
        [tool, "--directory", "infra", *options], cwd=ROOT, text=True, capture_output=True
    )
    results = json.loads(done.stdout)["results"]
    failed = [f"{one['check_id']} {one['resource']}" for one in results["failed_checks"]]
    assert not failed, failed
    assert len(results["passed_checks"]) > 100


def test_every_skip_of_checkov_has_its_reason() -> None:
    lines = [
        line for name in tracked("infra/*.tf") for line in (ROOT / name).read_text().splitlines()
    ]
    skips = [line.strip() for line in lines if "checkov:skip" in line]
    assert skips
    reasoned = re.compile(r"# checkov:skip=CKV2?_AWS_\d+: \S.{5,}")
    assert not [line for line in skips if not reasoned.fullmatch(line)]
