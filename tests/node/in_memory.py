"""The services of AWS that a node calls, in memory."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO

from node.errors import AwsError


class MemoryBucket:
    """A bucket whose role may not list it: a missing object is refused with 403, as S3 does."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.unreachable = False
        self.refuses_puts = False
        self.puts: list[str] = []
        self._conditional = threading.Lock()

    def read(self, key: str) -> bytes:
        if self.unreachable:
            raise AwsError("s3", 0, f"GET {key}: timed out")
        if key not in self.objects:
            raise AwsError("s3", 403, f"GET {key}: Forbidden")
        return self.objects[key]

    @contextmanager
    def open(self, key: str) -> Iterator[IO[bytes]]:
        yield io.BytesIO(self.read(key))

    def put(self, key: str, content: bytes) -> None:
        if self.refuses_puts:
            raise AwsError("s3", 503, f"PUT {key}: Slow Down")
        self.objects[key] = content
        self.puts.append(key)

    def create(self, key: str, content: bytes) -> bool:
        with self._conditional:
            if key in self.objects:
                return False
            self.put(key, content)
            return True

    def delete(self, key: str) -> None:
        self.objects.pop(key, None)


class MemorySecrets:
    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.read: list[str] = []

    def secret(self, name: str) -> str:
        self.read.append(name)
        if name not in self.values:
            raise AwsError("secretsmanager", 400, "AccessDeniedException")
        return self.values[name]


class MemoryMonitoring:
    def __init__(self) -> None:
        self.messages: list[str] = []
        self.metrics: dict[str, tuple[float, str]] = {}
        self.shared: dict[str, tuple[float, str]] = {}
        self.unreachable = False

    def log(self, message: str) -> None:
        if self.unreachable:
            raise AwsError("logs", 0, "timed out")
        self.messages.append(message)

    def measure(self, metrics: Mapping[str, tuple[float, str]], shared: bool = False) -> None:
        if self.unreachable:
            raise AwsError("monitoring", 0, "timed out")
        if shared:
            self.shared |= metrics
        else:
            self.metrics |= metrics
