"""A batch's offsets are read from the files that Spark writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from riada_stream.checkpoint.offsets import batch_span, message_count
from riada_stream.runtime.checkpoint_dir import CheckpointDir

from contract.stores.cassandra.batches import Offsets

TOPIC = '{"riada.public.users":%s}'


@pytest.fixture
def checkpoint(spark: SparkSession, tmp_path: Path) -> CheckpointDir:
    meta = '{"batchWatermarkMs":0,"batchTimestampMs":1790000000000,"conf":{}}'
    (tmp_path / "offsets").mkdir()
    for batch, ends in enumerate(['{"0":5,"1":0}', '{"0":9,"1":4}']):
        (tmp_path / "offsets" / str(batch)).write_text(f"v1\n{meta}\n{TOPIC % ends}")
    (tmp_path / "sources/0").mkdir(parents=True)
    (tmp_path / "sources/0/0").write_text("\0v1\n" + TOPIC % '{"0":2,"1":0}')
    return CheckpointDir(f"file:{tmp_path}")


def test_first_batch_begins_where_the_source_did(checkpoint: CheckpointDir) -> None:
    assert batch_span(checkpoint, 0) == ({0: 2, 1: 0}, {0: 5, 1: 0})


def test_later_batch_begins_at_the_end_of_its_predecessor(checkpoint: CheckpointDir) -> None:
    assert batch_span(checkpoint, 1) == ({0: 5, 1: 0}, {0: 9, 1: 4})


@pytest.mark.parametrize(
    ("begin", "end", "records"),
    [({}, {}, 0), ({0: 2}, {0: 5}, 3), ({0: 5}, {0: 9, 1: 4}, 8)],
)
def test_count(begin: Offsets, end: Offsets, records: int) -> None:
    assert message_count(begin, end) == records
