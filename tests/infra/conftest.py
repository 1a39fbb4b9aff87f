"""Terraform, run on the roots of infra/ with states and plans of the tests' own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

Terraform = Callable[..., subprocess.CompletedProcess[str]]
Outputs = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Terraform:
    """terraform(root, *arguments): run Terraform in infra/<root>, with a state of the tests."""
    if shutil.which("terraform") is None:
        pytest.fail("terraform is not installed: make doctor describes where to get it")

    folder = tmp_path_factory.mktemp("terraform")

    def run(root: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        command = ["terraform", f"-chdir={ROOT / 'infra' / root}", *arguments, "-no-color"]
        if arguments[0] == "init" and not root.startswith("modules/"):
            command.append(f"-backend-config=path={folder / f'{root}.tfstate'}")
        environment = {**os.environ, "TF_DATA_DIR": str(folder / root)}
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        if check and done.returncode:
            pytest.fail(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
        return done

    return run


# Every kind that can have several nodes has several.
FULL = json.dumps({"brokers": 3, "zookeepers": 3, "workers": 2, "cassandra_nodes": 3})


@pytest.fixture(scope="session")
def outputs(terraform: Terraform, tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    """outputs(module, **variables): the outputs of a module for these variables, name → value."""

    def apply(module: str, **variables: object) -> dict[str, Any]:
        folder = tmp_path_factory.mktemp(module)
        given, state = folder / "variables.tfvars.json", folder / "state"
        given.write_text(json.dumps(variables))
        root = f"modules/{module}"
        terraform(root, "init", "-input=false")
        terraform(root, "apply", "-auto-approve", f"-state={state}", f"-var-file={given}")
        values = json.loads(terraform(root, "output", "-json", f"-state={state}").stdout)
        return {name: output["value"] for name, output in values.items()}

    return apply


@pytest.fixture(scope="session")
def composed(terraform: Terraform) -> dict[str, Any]:
    """Outputs of infra/compose for FULL sizes, name → value."""
    terraform("compose", "init", "-input=false")
    terraform("compose", "apply", "-auto-approve", "-input=false", f"-var=sizes={FULL}")
    values = json.loads(terraform("compose", "output", "-json").stdout)
    return {name: output["value"] for name, output in values.items()}
