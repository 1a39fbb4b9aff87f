"""A driver goes on where the one before is, in a folder of its own, whatever that one does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pyspark.errors import StreamingQueryException
from pyspark.sql import DataFrame
from riada_stream.checkpoint import failed_batch, generation
from riada_stream.checkpoint.failed_batch import FailedBatch
from riada_stream.runtime.folder import Folder
from riada_stream.settings import Settings

ROWS = 10
"""In a batch: batch N has the numbers from 10 N."""

Run = Callable[[Folder, int], list[tuple[int, int]]]


@pytest.fixture
def checkpoint(tmp_path: Path) -> Folder:
    return Folder(f"file:{tmp_path}/users")


@pytest.fixture
def run(spark, checkpoint: Folder) -> Run:
    """run(own, last): a query that writes its checkpoint to `own` and breaks in the batch after
    `last`. Batches that are done: (number, first row)."""
    manager = "spark.sql.streaming.checkpointFileManagerClass"
    spark.conf.set(manager, checkpoint.checkpoint_manager)

    def run(own: Folder, last: int) -> list[tuple[int, int]]:
        done = []

        def batch(rows: DataFrame, number: int) -> None:
            if number > last:
                raise RuntimeError("broken")
            done.append((number, rows.agg({"value": "min"}).first()[0]))

        source = spark.readStream.format("rate-micro-batch").option("rowsPerBatch", ROWS)
        writer = source.load().writeStream.option("checkpointLocation", str(own))
        query = writer.foreachBatch(batch).start()
        with pytest.raises(StreamingQueryException, match="broken"):
            query.awaitTermination()
        return done

    return run


def test_goes_on_after_the_last_batch(run: Run, checkpoint: Folder) -> None:
    assert run(generation.begin(checkpoint), 2) == [(0, 0), (1, 10), (2, 20)]
    assert run(generation.begin(checkpoint), 4) == [(3, 30), (4, 40)]


def test_begins_again_where_none_is_done(run: Run, checkpoint: Folder) -> None:
    assert run(generation.begin(checkpoint), -1) == []
    assert run(generation.begin(checkpoint), 0) == [(0, 0)]


def test_older_driver_changes_nothing(run: Run, checkpoint: Folder) -> None:
    older = generation.begin(checkpoint)
    run(older, 1)
    own = generation.begin(checkpoint)
    assert run(older, 5)[-1] == (5, 50)
    assert run(own, 2) == [(2, 20)]
    assert run(generation.begin(checkpoint), 3) == [(3, 30)]


def test_goes_on_from_the_newest_that_is_whole(run: Run, checkpoint: Folder) -> None:
    run(generation.begin(checkpoint), 0)
    half = checkpoint / "00000002-ffffffff"
    half.write("offsets/9", "cut off")
    own = generation.begin(checkpoint)
    assert own.name > half.name
    assert run(own, 1) == [(1, 10)]


def test_newer_driver_is_seen_by_all_older_ones(spark: object, checkpoint: Folder) -> None:
    older = [generation.begin(checkpoint) for _ in range(2)]
    own = generation.begin(checkpoint)
    (checkpoint / "00000009-00000000").write("offsets/0", "not begun yet")
    assert [generation.newer(one) for one in (*older, own)] == [own, own, None]


def test_what_is_older_than_the_one_before_is_deleted(spark: object, checkpoint: Folder) -> None:
    begun = [generation.begin(checkpoint).name for _ in range(4)]
    assert checkpoint.names() == begun[2:]


def test_note_of_a_failed_batch_is_taken_along(spark: object, checkpoint: Folder) -> None:
    assert failed_batch.recall(Settings("r1", checkpoint=generation.begin(checkpoint))) is None
    noted = FailedBatch(7, {(2, 17): "its decoding kills the executor"})
    failed_batch.remember(Settings("r1", checkpoint=generation.begin(checkpoint)), noted)
    assert failed_batch.recall(Settings("r1", checkpoint=generation.begin(checkpoint))) == noted


def test_note_of_an_earlier_release_is_understood(checkpoint: Folder) -> None:
    assert FailedBatch.from_json("7\n") == FailedBatch(7)
