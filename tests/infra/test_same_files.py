"""Files that several roots have in common are the same: Terraform cannot share them."""

from __future__ import annotations

import pytest

from tests.infra.conftest import ROOT


@pytest.mark.parametrize(
    ("name", "roots"),
    [
        ("sizes.tf", ("local", "compose", "aws")),
        ("variables.tf", ("local", "compose")),
        ("platform.tf", ("local", "compose")),
        ("outputs.tf", ("local", "compose")),
    ],
)
def test_roots_have_the_same_file(name: str, roots: tuple[str, ...]) -> None:
    first, *others = ((ROOT / "infra" / root / name).read_text() for root in roots)
    assert all(other == first for other in others)
