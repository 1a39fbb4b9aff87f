"""The lease of a rolling change: an object of the bucket, which names the node whose turn it is.

It never expires. While its holder is not healthy, a second node that changed could end a quorum.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from node.errors import AwsError, NotReadyError
from node.steps.bucket import Bucket

KEY = "roll/lease"
MISSING = (403, 404)  # 403: the role may not list the bucket


class Lease:
    """The lease, as one node sees it. Each method raises NotReadyError if S3 does not do it."""

    def __init__(self, bucket: Bucket, node: str) -> None:
        self._bucket = bucket
        self._node = node

    def holder(self) -> str:
        """The node whose turn it is, e.g. "kafka-1"; "": nobody has it."""
        with _cause():
            try:
                return self._bucket.read(KEY).decode()
            except AwsError as error:
                if error.status in MISSING:
                    return ""
                raise

    def take(self) -> bool:
        """False if another node has it."""
        with _cause():
            return self._bucket.create(KEY, self._node.encode())

    def release(self) -> None:
        """Give it back, unless an operator has taken it away in the meantime."""
        if self.holder() == self._node:
            with _cause():
                self._bucket.delete(KEY)


@contextmanager
def _cause() -> Iterator[None]:
    try:
        yield
    except AwsError as error:
        raise NotReadyError(f"the lease {KEY} in the bucket: {error.cause}") from error
