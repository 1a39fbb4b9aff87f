"""The artifacts bucket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import IO, Protocol
from urllib.parse import quote

from node.aws.client import Aws


class Bucket(Protocol):
    """The artifacts bucket. Each method raises AwsError."""

    def read(self, key: str) -> bytes:
        """The content of an object."""

    def open(self, key: str) -> AbstractContextManager[IO[bytes]]:
        """The content of an object that may be larger than the machine's memory, as a stream."""

    def put(self, key: str, content: bytes) -> None:
        """Write an object."""


class S3Bucket:
    """A bucket in S3."""

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
