"""Terraform, run on the roots of infra/ with states and plans of the tests' own."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

Terraform = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def terraform() -> Terraform:
    """terraform(root, *arguments): runs it in infra/<root> and returns what it said."""
    if shutil.which("terraform") is None:
        pytest.fail("there is no terraform: make doctor tells where to get it")

    def run(root: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        command = ["terraform", f"-chdir={ROOT / 'infra' / root}", *arguments, "-no-color"]
        done = subprocess.run(command, capture_output=True, text=True)
        if check and done.returncode:
            pytest.fail(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
        return done

    return run


FULL = json.dumps({"brokers": 3, "zookeepers": 3, "workers": 2, "cassandra_nodes": 3})
"""Every kind that can have several nodes has them."""


@pytest.fixture(scope="session")
def composed(terraform: Terraform, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Outputs of infra/compose for FULL sizes, name → value."""
    state = f"-state={tmp_path_factory.mktemp('compose') / 'tfstate'}"
    terraform("compose", "init", "-input=false")
    terraform("compose", "apply", "-auto-approve", "-input=false", state, f"-var=sizes={FULL}")
    outputs = json.loads(terraform("compose", "output", state, "-json").stdout)
    return {name: output["value"] for name, output in outputs.items()}
