"""Terraform: its format, and checkov's rules for infra/aws."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest

from cli.host.paths import ROOT
from tests.lint.tools import tracked


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
    failed = [f"{check['check_id']} {check['resource']}" for check in results["failed_checks"]]
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
