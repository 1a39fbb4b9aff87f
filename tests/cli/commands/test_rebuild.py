"""make rebuild: what stops it before it repairs."""

from __future__ import annotations

import pytest

from cli.commands import rebuild
from cli.host.errors import CliError
from contract.jobs.rebuild import RebuildResult


def test_a_database_whose_rows_did_not_come_is_named() -> None:
    result = RebuildResult(False, {"": 5}, {"shop": "epoch 3 is being read"}, 700.0)
    with pytest.raises(CliError, match="shop: epoch 3 is being read") as raised:
        rebuild.check(result)
    assert raised.value.component == "connect"
    assert "make rebuild again" in raised.value.remedy


def test_rows_that_all_came_are_no_error() -> None:
    rebuild.check(RebuildResult(True, {"": 5}, {}, 20.0))
