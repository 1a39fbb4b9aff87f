"""Invariant 7: no message outlives the tombstone of a person whom it could bring back."""

from __future__ import annotations

import re
from datetime import timedelta

from contract.kafka import retention, topics
from contract.kafka.topics import CAPTURE
from contract.stores.cassandra import table as cassandra
from contract.table.file import read

USERS_TABLE = read("users", 'key = ["id"]\n[columns]\nid = "uuid"\n')
USERS, DEAD_LETTERS = topics.events(USERS_TABLE), topics.dead_letters(USERS_TABLE)

OUTAGE = timedelta(days=3)  # docs/architecture.md: the longest outage of the streaming job


def gc_grace() -> timedelta:
    """The gc_grace with which the table is made."""
    text = "\n".join(cassandra.statements(USERS_TABLE))
    (seconds,) = re.findall(r'ALTER TABLE people\."users" WITH gc_grace_seconds = (\d+)', text)
    return timedelta(seconds=int(seconds))


def lifetime(settings: dict[str, str]) -> timedelta:
    """Kafka deletes a segment when its newest message is older than the retention."""
    return timedelta(milliseconds=int(settings["retention.ms"]) + int(settings["segment.ms"]))


def test_a_replay_cannot_bring_a_deleted_person_back() -> None:
    assert lifetime(USERS.settings) + OUTAGE < gc_grace()


def test_a_replayed_dead_letter_is_younger_than_every_message_of_the_topic() -> None:
    """control_center/pipeline/dead_letter_replay.py refuses older ones."""
    assert timedelta(milliseconds=int(USERS.settings["retention.ms"])) == retention.TOPIC


def test_settings_of_the_topics() -> None:
    assert USERS.settings == {
        "cleanup.policy": "delete",
        "retention.ms": "604800000",
        "segment.ms": "86400000",
        "max.message.bytes": "8388608",
    }
    assert DEAD_LETTERS.settings == {
        "cleanup.policy": "delete",
        "retention.ms": "2592000000",
        "segment.ms": "86400000",
        "max.message.bytes": "10485760",
    }
    assert CAPTURE.settings == {"cleanup.policy": "compact"}


def test_names_and_partitions_of_the_topics() -> None:
    assert [(topic.name, topic.partitions) for topic in (USERS, DEAD_LETTERS, CAPTURE)] == [
        ("riada.public.users", None),
        ("riada.public.users.dead-letter", 1),
        ("riada.capture", 1),
    ]
    assert USERS.key_subject == "riada.public.users-key"
    assert USERS.value_subject == "riada.public.users-value"


def test_a_dead_letter_has_room_for_a_message_and_its_headers() -> None:
    assert topics.LARGEST_REQUEST == topics.LARGEST_MESSAGE + (2 << 20)
    assert topics.LARGEST_BATCH == topics.LARGEST_REQUEST + (64 << 10)


def test_durations_in_the_units_of_kafka_and_cassandra() -> None:
    duration = timedelta(hours=1, milliseconds=1)
    assert retention.milliseconds(duration) == 3_600_001
    assert retention.seconds(duration) == 3_600


GIB = 1 << 30


def test_sixteen_gib_for_four_partitions() -> None:
    """14 GiB are for events, 3.5 GiB a partition; 2 GiB for dead letters."""
    limits = retention.table_limits(16 * GIB, 4)
    assert limits.events == retention.SizeLimit(kept=2_818_572_288, segment=469_762_048)
    assert limits.dead_letters == retention.SizeLimit(kept=1_610_612_736, segment=268_435_456)
    assert limits.events.settings() == {
        "retention.bytes": "2818572288",
        "segment.bytes": "469762048",
    }
    assert 4 * limits.events.largest + limits.dead_letters.largest == 16 * GIB


def test_a_segment_holds_the_largest_batch_and_is_not_larger_than_kafkas_own() -> None:
    small = retention.table_limits(GIB, 400).events
    assert small == retention.SizeLimit(kept=16 << 20, segment=16 << 20)
    assert small.segment > topics.LARGEST_BATCH
    assert small.largest == 48 << 20
    assert retention.table_limits(100 * GIB, 1).events.segment == GIB
