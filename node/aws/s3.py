"""The artifacts bucket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from urllib.parse import quote

from node.aws.client import Aws


class S3Bucket:
    """A bucket in S3. Each method raises AwsError."""

    def __init__(self, aws: Aws, name: str) -> None:
        self._aws = aws
        self._name = name

    def read(self, key: str) -> bytes:
        with self._aws.request("s3", self._path(key), "GET") as response:
            return response.read()

    @contextmanager
    def open(self, key: str) -> Iterator[IO[bytes]]:
        with self._aws.request("s3", self._path(key), "GET") as response:
            yield response

    def put(self, key: str, content: bytes) -> None:
        with self._aws.request("s3", self._path(key), "PUT", content):
            pass

    def _path(self, key: str) -> str:
        return f"/{self._name}/{quote(key)}"
