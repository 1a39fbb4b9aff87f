"""The artifacts bucket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from node.aws.s3_read import S3Read
from node.errors import AwsError

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
UNLESS_IT_EXISTS = {"If-None-Match": "*"}
NOT_WRITTEN = (409, 412)  # 412: it exists; 409: another request writes or deletes it now


class S3Bucket(S3Read):
    """A bucket in S3. Each method raises AwsError."""

    @contextmanager
    def open(self, key: str) -> Iterator[IO[bytes]]:
        with self._aws.request("s3", self._path(key), "GET") as response:
            yield response

    def put(self, key: str, content: bytes) -> None:
        with self._aws.request("s3", self._path(key), "PUT", content):
            pass

    def create(self, key: str, content: bytes) -> bool:
        """A deleted object is absent, also if the bucket keeps its versions."""
        try:
            with self._aws.request("s3", self._path(key), "PUT", content, UNLESS_IT_EXISTS):
                return True
        except AwsError as error:
            if error.status in NOT_WRITTEN:
                return False
            raise

    def delete(self, key: str) -> None:
        with self._aws.request("s3", self._path(key), "DELETE"):
            pass
