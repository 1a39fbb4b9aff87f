"""A topic that does not continue at the checkpoint's offsets is read from its beginning."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from riada_stream.checkpoint import continuity, generation, offsets
from riada_stream.checkpoint.claim import Claim
from riada_stream.checkpoint.continuity import find_break, find_lost_checkpoint, find_lost_table
from riada_stream.runtime.checkpoint_dir import CheckpointDir
from riada_stream.source.topics import TopicIdentity, TopicState

from contract.stores.cassandra.batches import Offsets
from contract.stream.driver_status import Restart
from tests.spark.samples import USERS

ID = TopicIdentity("IG1vbo2LR1mEPRlOnOkmYQ", "log")
DRIVER = Claim(1, "driver-1")
HELD = TopicState("riada.public.users", ID, {0: 0, 1: 5}, {0: 10, 1: 9})


@pytest.mark.parametrize(
    ("committed", "planned"),
    [
        ({}, {}),
        ({}, {0: 3, 1: 7}),
        ({0: 10, 1: 9}, {0: 10, 1: 9}),
        ({0: 0, 1: 5}, {0: 10, 1: 9}),
        ({0: 4}, {0: 8}),
    ],
)
@pytest.mark.parametrize("known", [ID, TopicIdentity(ID.topic_id), None])
def test_a_topic_that_continues(
    known: TopicIdentity | None, committed: Offsets, planned: Offsets
) -> None:
    """Partition 1 begins at 5: retention deleted what was written long ago."""
    assert find_break(HELD, known, committed, planned) is None


@pytest.mark.parametrize(
    ("known", "committed", "planned", "cause"),
    [
        (TopicIdentity("another", "log"), {}, {}, "created again"),
        (TopicIdentity("another"), {0: 4, 1: 6}, {0: 4, 1: 6}, "created again"),
        (
            TopicIdentity(ID.topic_id, "another"),
            {0: 4, 1: 6},
            {0: 4, 1: 6},
            "lost the messages",
        ),
        (ID, {0: 10, 1: 9}, {0: 11, 1: 9}, "read to 11 and ended at 10"),
        (None, {0: 12, 1: 9}, {0: 12, 1: 9}, "read to 12 and ended at 10"),
        (ID, {0: 12, 1: 9}, {0: 7, 1: 9}, "read to 12 and ended at 7"),
        (ID, {0: 9, 1: 9}, {0: 7, 1: 9}, "read to 9 and ended at 7"),
        (
            ID,
            {0: 4, 2: 3},
            {0: 4, 2: 3},
            "partition 2, was read to 3 and ended at 0",
        ),
        (ID, {0: 4, 1: 4}, {0: 4, 1: 4}, "was read to 4 and began at 5"),
    ],
)
def test_a_topic_that_does_not(
    known: TopicIdentity | None, committed: Offsets, planned: Offsets, cause: str
) -> None:
    text = find_break(HELD, known, committed, planned)
    assert text is not None
    assert cause in text


@pytest.fixture
def checkpoint(spark: SparkSession, tmp_path: Path) -> CheckpointDir:
    return CheckpointDir(f"file:{tmp_path}/users")


def _batch(own: CheckpointDir, number: int, end: int) -> None:
    own.write(f"offsets/{number}", f'v1\n{{}}\n{{"riada.public.users":{{"0":{end}}}}}')


def test_progress(checkpoint: CheckpointDir) -> None:
    assert offsets.progress(checkpoint) == ({}, {})
    _batch(checkpoint, 0, 5)
    assert offsets.progress(checkpoint) == ({}, {0: 5})
    checkpoint.write("commits/0", "v1\n{}")
    _batch(checkpoint, 1, 9)
    assert offsets.progress(checkpoint) == ({0: 5}, {0: 9})


def test_a_restart_begins_at_the_topics_beginning_and_is_remembered(
    checkpoint: CheckpointDir,
) -> None:
    older = generation.begin(checkpoint, DRIVER)
    _batch(older, 0, 5)
    older.write("commits/0", "v1\n{}")
    older.write(continuity.IDENTITY_FILE, "older")
    restart = Restart.now("topic riada.public.users was created again")
    own = generation.begin(checkpoint, DRIVER, restart.to_json())
    assert offsets.progress(own) == ({}, {})
    assert own.read(continuity.IDENTITY_FILE) is None
    assert continuity.load_stored_table(own) is None
    own.write(continuity.IDENTITY_FILE, "newer")
    continuity.save_stored_table(own, "id-1")
    later = generation.begin(checkpoint, DRIVER)
    assert continuity.last_restart(later) == restart
    assert later.read(continuity.IDENTITY_FILE) == "newer"
    assert continuity.load_stored_table(later) == "id-1"
    assert json.loads(restart.to_json())["cause"] == restart.cause
    assert later.name > own.name > older.name


def test_a_table_with_another_id_has_lost_its_rows() -> None:
    assert find_lost_table(USERS, None, "id-1") is None
    assert find_lost_table(USERS, "id-1", "id-1") is None
    cause = 'cassandra: people."users" was dropped and is created again'
    assert find_lost_table(USERS, "id-1", "id-2") == cause


@pytest.mark.parametrize(
    ("known", "has_batches", "lost"),
    [
        (None, False, None),  # its query has never run
        (None, True, "the checkpoint of users was lost"),
        (TopicIdentity("id"), True, None),
    ],
)
def test_a_checkpoint_without_progress_is_lost_if_batches_were_written(
    known: TopicIdentity | None, has_batches: bool, lost: str | None
) -> None:
    assert find_lost_checkpoint(USERS, known, lambda: has_batches) == lost
