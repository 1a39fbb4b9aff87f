"""A run that cannot begin names the component, the cause and the remedy."""

from __future__ import annotations

import pytest
from ingest.preconditions import TableNotReadyError, await_table, check_secrets

from contract.table.table import Table
from tests.dags.ingest.in_memory_session import InMemorySession
from tests.dags.tables import READINGS, USERS


class Clock:
    """Its time passes while somebody sleeps. `ready_at`: when the session has the table."""

    def __init__(self, session: InMemorySession, ready_at: float = float("inf")) -> None:
        self.now, self.session, self.ready_at = 0.0, session, ready_at

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.now >= self.ready_at:
            self.session.rows = [(True, True, True, True)]


def wait(session: InMemorySession, table: Table = USERS, ready_at: float = float("inf")) -> float:
    """How long the table was awaited."""
    clock = Clock(session, ready_at)
    await_table(session, table, clock, clock.sleep)
    return clock.now


def test_a_table_that_may_be_written_is_not_awaited() -> None:
    session = InMemorySession((True, True, True, True))
    assert wait(session, READINGS) == 0
    assert session.parameters == [{"schema": "Werk", "relation": "messwerte 2"}]


def test_a_table_that_a_deploy_creates_meanwhile_is_awaited() -> None:
    assert wait(InMemorySession(), ready_at=12) == 15


def test_a_missing_table_fails_after_a_minute() -> None:
    with pytest.raises(TableNotReadyError) as raised:
        wait(InMemorySession(), ready_at=70)
    assert str(raised.value) == 'postgres: table "public"."users" does not exist'
    assert "make status" in raised.value.remedy


@pytest.mark.parametrize("missing", range(4))
def test_a_table_that_may_not_be_written(missing: int) -> None:
    rights = tuple(number != missing for number in range(4))
    with pytest.raises(TableNotReadyError, match="postgres: role ingest may not write table"):
        wait(InMemorySession(rights))


def test_a_missing_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    assert READINGS.source
    monkeypatch.delenv("SOURCE_READINGS", raising=False)
    with pytest.raises(ValueError, match=r"^airflow-scheduler: the secret source-readings") as why:
        check_secrets(READINGS.source)
    assert "make up SOURCE_SECRETS=" in str(why.value)
    monkeypatch.setenv("SOURCE_READINGS", "key")
    check_secrets(READINGS.source)


def test_a_source_without_secrets() -> None:
    assert USERS.source
    check_secrets(USERS.source)
