"""Every module and root is valid, and the tests beside it pass."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.infra.conftest import ROOT, Terraform

MODULES = sorted(path.parent for path in ROOT.glob("infra/modules/*/main.tf"))


def test_there_are_modules() -> None:
    assert MODULES


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_module(terraform: Terraform, module: Path) -> None:
    root = f"modules/{module.name}"
    terraform(root, "init", "-input=false")
    terraform(root, "validate")
    if (module / "test.tftest.hcl").exists():
        output = terraform(root, "test").stdout
        assert not re.search(r"\b0 passed", output)
        assert re.search(r"\b0 failed", output)


def test_local_root(terraform: Terraform) -> None:
    init = terraform("local", "init", "-input=false", check=False)
    if init.returncode:
        pytest.skip(f"NOT VALIDATED: infra/local needs kreuzwerker/docker: {init.stderr[:300]}")
    terraform("local", "validate")
