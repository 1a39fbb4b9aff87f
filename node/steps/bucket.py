"""The artifacts bucket, as the steps use it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import IO, Protocol


class Bucket(Protocol):
    """The artifacts bucket. Each method raises AwsError."""

    def read(self, key: str) -> bytes:
        """The content of an object."""

    def open(self, key: str) -> AbstractContextManager[IO[bytes]]:
        """The content of an object that may be larger than the machine's memory, as a stream."""

    def put(self, key: str, content: bytes) -> None:
        """Write an object."""

    def create(self, key: str, content: bytes) -> bool:
        """Write an object unless it exists. Returns whether it was written."""

    def delete(self, key: str) -> None:
        """Delete an object. An absent object is no error."""
