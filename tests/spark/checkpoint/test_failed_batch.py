"""The note of the batch that failed last."""

from __future__ import annotations

from riada_stream.checkpoint.failed_batch import FailedBatch

from contract.kafka.offsets import TopicOffset


def test_a_round_trip_through_json_changes_nothing() -> None:
    failed = FailedBatch(7, {TopicOffset(2, 17): "its decoding kills the executor"})
    assert FailedBatch.from_json(failed.to_json()) == failed


def test_a_note_of_an_earlier_release_is_the_number_alone() -> None:
    assert FailedBatch.from_json("7\n") == FailedBatch(7)
