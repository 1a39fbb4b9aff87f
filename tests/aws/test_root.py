"""The tests beside infra/aws pass: sizes, zones, restore, refused input."""

from __future__ import annotations

from tests.aws.conftest import Root


def test_root(initialised: Root) -> None:
    initialised.run("validate")
    said = initialised.run("test")
    assert "0 passed" not in said
    assert "0 failed" in said
