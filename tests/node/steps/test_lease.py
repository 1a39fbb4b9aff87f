"""One node at a time has the lease, until it gives it back."""

from __future__ import annotations

import pytest

from node.errors import NotReadyError
from node.steps.lease import KEY, Lease
from tests.node.in_memory import MemoryBucket


def test_one_node_has_it_until_it_gives_it_back(bucket: MemoryBucket) -> None:
    first, second = Lease(bucket, "kafka-1"), Lease(bucket, "kafka-2")
    assert first.holder() == ""
    assert first.take()
    assert not second.take()
    assert (first.holder(), second.holder()) == ("kafka-1", "kafka-1")
    first.release()
    assert second.holder() == ""
    assert second.take()


def test_a_lease_that_an_operator_deleted_is_not_taken_from_the_next_node(
    bucket: MemoryBucket,
) -> None:
    first, second = Lease(bucket, "kafka-1"), Lease(bucket, "kafka-2")
    assert first.take()
    bucket.delete(KEY)
    assert second.take()
    first.release()
    assert bucket.objects[KEY] == b"kafka-2"


def test_a_bucket_that_does_not_answer_is_not_a_free_lease(bucket: MemoryBucket) -> None:
    lease = Lease(bucket, "kafka-1")
    bucket.unreachable = True
    with pytest.raises(NotReadyError, match=r"^the lease roll/lease in the bucket: .*timed out"):
        lease.holder()


def test_a_lease_that_cannot_be_written_is_reported(bucket: MemoryBucket) -> None:
    bucket.refuses_puts = True
    with pytest.raises(NotReadyError, match="Slow Down"):
        Lease(bucket, "kafka-1").take()
