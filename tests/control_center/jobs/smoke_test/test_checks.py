"""The first check that fails ends the table."""

from __future__ import annotations

import pytest

from contract.health.diagnosis import Diagnosis
from contract.jobs.smoke_test import Check
from control_center.jobs.smoke_test.checks import CheckFailedError, Checks

FAILED = Diagnosis("topic", "connect", "3 rows are missing")


def test_the_first_check_that_fails_ends_the_table() -> None:
    checks = Checks()
    checks.passed("lag", "0 messages wait")
    checks.add("source", True, "7 rows", FAILED, dag_run="manual")
    with pytest.raises(CheckFailedError, match="connect: 3 rows are missing") as caught:
        checks.add("topic", False, "3 missing", FAILED, first=["a"])
    assert caught.value.diagnosis == FAILED
    assert checks.rows == [
        Check("lag", True, "0 messages wait"),
        Check("source", True, "7 rows", {"dag_run": "manual"}),
        Check("topic", False, "3 missing", {"first": ["a"]}),
    ]
