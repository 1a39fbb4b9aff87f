"""docs/aws.md tells the prices and classes that infra/modules/costs computes with."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.infra.conftest import ROOT, Terraform

DOCS = (ROOT / "docs/aws.md").read_text()


@pytest.fixture(scope="module")
def outputs(terraform: Terraform, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """outputs(module, *variables): what a module gives, name → value."""

    def of(module: str, *variables: str) -> dict[str, Any]:
        state: Path = tmp_path_factory.mktemp(module) / "state"
        root = f"modules/{module}"
        terraform(root, "init", "-input=false")
        terraform(root, "apply", "-auto-approve", f"-state={state}", *variables)
        found = json.loads(terraform(root, "output", "-json", f"-state={state}").stdout)
        return {name: output["value"] for name, output in found.items()}

    return of


def test_classes(outputs: Any) -> None:
    some = ("-var=instance_types=[]", "-var=disk_gib=0", "-var=endpoints=0")
    classes = {one["name"]: str(one["up_to"] or "") for one in outputs("costs", *some)["classes"]}
    assert dict(re.findall(r"^\| ([A-Z]) \| (\d*) ?\|", DOCS, re.MULTILINE)) == classes


def test_types(outputs: Any) -> None:
    types = {
        (one["name"], str(one["memory_mib"]), str(one["usd_month"]))
        for one in outputs("instance-types")["types"]
    }
    rows = re.findall(r"^\| (\w+\.\w+) \| (\d+) \| (\d+) \|$", DOCS, re.MULTILINE)
    assert set(rows) == types
