"""The rows of another PostgreSQL are not Riada's to delete."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from contract.jobs.erase import EraseRequest
from contract.kafka.topics import events
from contract.stores.cassandra.batches import BatchRecord
from contract.table.table import Table
from control_center.jobs.erase.run import erase_with
from control_center.pipeline.erasures.erasures import Erasures
from control_center.pipeline.erasures.record import Erasure
from tests.control_center.in_memory_clients import InMemoryMessage
from tests.control_center.jobs.compare.in_memory import SteppingClock
from tests.control_center.jobs.erase.platform import ADA, NOW, Platform
from tests.control_center.sample_tables import TOPIC, USERS


@pytest.fixture
def shop(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Table:
    """Table users, in another PostgreSQL."""
    external = SimpleNamespace(slot="riada_shop")
    monkeypatch.setattr(platform, "external", lambda name: external)
    shop = replace(USERS, database="shop")
    topic = events(shop).name
    for number, (_, schema) in list(platform.registry.schemas.items()):
        for kind in ("key", "value"):
            if platform.registry.schemas[number][0] == f"{TOPIC}-{kind}":
                platform.registry.schemas[number] = (f"{topic}-{kind}", schema)
    platform.broker.add(topic, 0, InMemoryMessage(b"", b""))
    return shop


def test_a_row_of_another_postgresql_is_not_ours(platform: Platform, shop: Table) -> None:
    topic = events(shop).name

    def carried() -> None:
        ends = platform.broker.offsets(topic)
        platform.store.records = [BatchRecord(1, NOW, NOW, {}, ends, 0, 0, 0, "r", "d")]
        if ends[0] > 1:
            platform.store.rows["users"].pop(ADA[0], None)

    clock = SteppingClock(*[carried] * 40)
    result = erase_with(platform, shop, EraseRequest("users", ADA[0]), clock)
    assert not result.ok
    [sentence] = result.remains
    assert sentence.startswith("database shop holds 1 rows, which are not Riada's")
    assert result.cassandra == 1
    # The dead letters are those of users, not of shop's table.
    assert platform.stores_with_it() == {"postgres", "dead letters"}
    request = EraseRequest("users", again=True)
    repeated = erase_with(platform, shop, request, clock)
    assert (repeated.ok, repeated.remains) == (False, (sentence,))
    platform.database.rows["users"].pop(ADA[0])
    assert erase_with(platform, shop, request, clock).ok
    assert not Erasures.of(platform).unfinished(shop)


def test_a_person_who_came_again_to_another_postgresql_stays(
    platform: Platform, shop: Table
) -> None:
    """Riada's own PostgreSQL was restored, and that one was not."""
    Erasures.of(platform).write([Erasure(Erasures.of(platform).mark(shop, ADA[0]), "users", 1, 2)])
    platform.database.erasures = {}
    result = erase_with(platform, shop, EraseRequest("users", again=True), SteppingClock())
    assert (result.ok, result.erasures, result.cassandra) == (True, 1, 0)
    assert ADA[0] in platform.store.rows["users"]
    assert Erasures.of(platform).lost_in_postgres(shop) == {}
