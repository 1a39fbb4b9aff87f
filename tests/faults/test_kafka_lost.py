"""Kafka loses its data: the pipeline recovers by itself, status names it, repair completes it."""

from __future__ import annotations

import pytest

from tests.harness.kafka import TOPIC, delete_topic
from tests.harness.platform import Platform
from tests.harness.rows import insert_many
from tests.harness.tables import USERS

NAMED_S = 300


@pytest.mark.timeout(1200)
def test_a_users_topic_that_was_deleted(platform: Platform) -> None:
    ids = _rows(platform)
    delete_topic(platform, TOPIC)
    _change(platform, ids)
    platform.await_repair_asked(f"topic {TOPIC} was created again", NAMED_S)
    platform.assert_repaired()


@pytest.mark.timeout(1200)
def test_a_volume_that_was_emptied(platform: Platform) -> None:
    ids = _rows(platform)
    platform.stop("kafka-1")
    platform.beside("kafka-1", "rm -rf /var/lib/kafka/*")
    platform.start("kafka-1")
    _change(platform, ids)
    platform.await_repair_asked("Kafka lost its record of the capture", NAMED_S)
    platform.assert_repaired()


def _rows(platform: Platform) -> list[str]:
    ids = insert_many(platform, USERS, 300)
    platform.assert_equal_everywhere()
    return ids


def _change(platform: Platform, ids: list[str]) -> None:
    """Change, delete and insert rows before Kafka has recovered."""
    update = "UPDATE public.users SET city = 'changed' WHERE id = ANY(%s::uuid[])"
    platform.sql(update, [ids[:100]])
    platform.sql("DELETE FROM public.users WHERE id = ANY(%s::uuid[])", [ids[100:200]])
    insert_many(platform, USERS, 100)
