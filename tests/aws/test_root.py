"""The Terraform tests of infra/aws pass: sizes, zones, restore, refused input."""

from __future__ import annotations

import re

from tests.aws.conftest import Root


def test_root(initialised: Root) -> None:
    initialised.run("validate")
    output = initialised.run("test")
    assert not re.search(r"\b0 passed", output)
    assert re.search(r"\b0 failed", output)
