"""The Terraform tests of infra/aws pass: sizes, zones, restore, refused input."""

from __future__ import annotations

from tests.aws.conftest import Root


def test_root(initialised: Root) -> None:
    initialised.run("validate")
    output = initialised.run("test")
    assert "0 passed" not in output
    assert "0 failed" in output
