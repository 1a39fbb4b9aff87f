"""After an upgrade servers refuse clear text; nodes of a cluster restart one at a time."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from cli.runners import encryption
from tests.cli.runners.simulated import Installation


class Engine(Installation):
    """`accepting`: the services that accept clear text until they restart."""

    def __init__(self, *services: str, accepting: Collection[str] = ()) -> None:
        super().__init__(*services)
        self.accepting = set(accepting)
        self.lag, self.calls = 3, list[str]()

    def require_encryption(self, service: str) -> tuple[int, str]:
        self.calls.append(f"require {service}")
        return (encryption.RESTART if service in self.accepting else 0), ""

    def restart(self, service: str) -> None:
        self.calls.append(f"restart {service}")
        self._assert_others_serve(service, [service])
        self.accepting.discard(service)
        self._behind = self.lag


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


SERVICES = ["cassandra-1", "cassandra-2", "postgres"]


def test_nodes_restart_one_at_a_time() -> None:
    engine = Engine(*SERVICES, accepting=SERVICES[:2])
    encryption.require(SERVICES, engine)
    assert engine.calls == [
        *("require cassandra-1", "restart cassandra-1"),
        *("require cassandra-2", "restart cassandra-2"),
        "require postgres",
    ]
    assert not engine.out_of_sync(engine.present["cassandra-2"])


def test_nothing_restarts_without_need() -> None:
    engine = Engine(*SERVICES)
    encryption.require(SERVICES, engine)
    assert engine.calls == [f"require {service}" for service in SERVICES]


def test_a_node_that_was_removed_is_left_out() -> None:
    engine = Engine(*SERVICES)
    encryption.require([*SERVICES, "cassandra-3"], engine)
    assert engine.calls == [f"require {service}" for service in SERVICES]


def test_an_interrupted_upgrade_goes_on() -> None:
    engine = Engine(*SERVICES, accepting=["cassandra-2"])
    encryption.require(SERVICES, engine)
    assert [call for call in engine.calls if call.startswith("restart")] == ["restart cassandra-2"]
