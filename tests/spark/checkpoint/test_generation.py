"""A driver continues at its predecessor's progress, in its own directory, whatever the predecessor
does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pyspark.errors import StreamingQueryException
from pyspark.sql import DataFrame, SparkSession
from riada_stream.checkpoint import failed_batch, generation
from riada_stream.checkpoint.claim import Claim
from riada_stream.checkpoint.failed_batch import FailedBatch
from riada_stream.runtime.checkpoint_dir import CheckpointDir

from contract.kafka.offsets import TopicOffset

ROWS = 10  # batch N has the numbers from 10 N

DRIVER, NEWER = Claim(1, "driver-1"), Claim(2, "driver-2")
Run = Callable[[CheckpointDir, int], list[tuple[int, int]]]


@pytest.fixture
def checkpoint(tmp_path: Path) -> CheckpointDir:
    return CheckpointDir(f"file:{tmp_path}/users")


@pytest.fixture
def run(spark: SparkSession, checkpoint: CheckpointDir) -> Run:
    """run(own, last): a query that writes its checkpoint to `own` and breaks in the batch after
    `last`. Returns its complete batches: (number, first row)."""
    manager = "spark.sql.streaming.checkpointFileManagerClass"
    spark.conf.set(manager, checkpoint.checkpoint_manager)

    def run(own: CheckpointDir, last: int) -> list[tuple[int, int]]:
        done: list[tuple[int, int]] = []

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


def test_continues_after_the_last_batch(run: Run, checkpoint: CheckpointDir) -> None:
    assert run(generation.begin(checkpoint, DRIVER), 2) == [(0, 0), (1, 10), (2, 20)]
    assert run(generation.begin(checkpoint, DRIVER), 4) == [(3, 30), (4, 40)]


def test_begins_at_the_first_batch_when_none_is_complete(
    run: Run, checkpoint: CheckpointDir
) -> None:
    assert run(generation.begin(checkpoint, DRIVER), -1) == []
    assert run(generation.begin(checkpoint, DRIVER), 0) == [(0, 0)]


def test_an_older_driver_changes_nothing(run: Run, checkpoint: CheckpointDir) -> None:
    older = generation.begin(checkpoint, DRIVER)
    run(older, 1)
    own = generation.begin(checkpoint, DRIVER)
    assert run(older, 5)[-1] == (5, 50)
    assert run(own, 2) == [(2, 20)]
    assert run(generation.begin(checkpoint, DRIVER), 3) == [(3, 30)]


def test_continues_the_newest_complete_generation(run: Run, checkpoint: CheckpointDir) -> None:
    run(generation.begin(checkpoint, DRIVER), 0)
    incomplete = checkpoint / "00000002-ffffffff"
    incomplete.write("offsets/9", "cut off")
    own = generation.begin(checkpoint, DRIVER)
    assert own.name > incomplete.name
    assert run(own, 1) == [(1, 10)]


def test_nobody_continues_what_an_older_driver_begins_later(
    run: Run, checkpoint: CheckpointDir
) -> None:
    """It may still run, and begin a generation when its table is read again."""
    run(generation.begin(checkpoint, DRIVER), 0)
    own = generation.begin(checkpoint, NEWER)
    run(own, 3)
    late = [generation.begin(checkpoint, DRIVER, '{"at": "", "cause": ""}') for _ in range(2)]
    assert own.name in checkpoint.names(), "nor does the older driver delete the newer one's"
    assert run(generation.begin(checkpoint, NEWER), 4) == [(4, 40)]
    assert not {generation.name for generation in late} & {*checkpoint.names()}


@pytest.mark.parametrize("text", ["", "00000001-0a0b0c0d"])
def test_a_generation_without_a_claim_is_continued(
    run: Run, checkpoint: CheckpointDir, text: str
) -> None:
    """An earlier release wrote the name of the generation before."""
    older = generation.begin(checkpoint, DRIVER)
    run(older, 1)
    older.write(generation.COMPLETE, text)
    assert run(generation.begin(checkpoint, DRIVER), 2) == [(2, 20)]


def test_generations_before_the_previous_one_are_deleted(
    spark: SparkSession, checkpoint: CheckpointDir
) -> None:
    begun = [generation.begin(checkpoint, DRIVER).name for _ in range(4)]
    assert checkpoint.names() == begun[2:]


def test_the_note_of_a_failed_batch_is_inherited(
    spark: SparkSession, checkpoint: CheckpointDir
) -> None:
    assert failed_batch.load(generation.begin(checkpoint, DRIVER)) is None
    failed = FailedBatch(7, {TopicOffset(2, 17): "its decoding kills the executor"})
    failed_batch.save(generation.begin(checkpoint, DRIVER), failed)
    assert failed_batch.load(generation.begin(checkpoint, DRIVER)) == failed
