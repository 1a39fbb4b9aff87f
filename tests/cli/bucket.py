"""A bucket in memory, behind the aws commands that the command line uses."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path


class MemoryBucket:
    """s3://the-bucket. `objects`: key → content; `metadata`: key → its metadata; `changes`: each
    `put KEY` and `rm KEY`, in order."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.metadata: dict[str, dict[str, str]] = {}
        self.changes: list[str] = []

    def aws(self, *arguments: str, content: bytes = b"") -> str:
        """Replaces `cli.host.aws_cli.aws`."""
        options = dict(pairwise(arguments))
        if arguments[:2] == ("s3api", "list-objects-v2"):
            keys = [key for key in self.objects if key.startswith(options["--prefix"])]
            return json.dumps(keys or None)
        if arguments[:2] == ("s3api", "head-object"):
            return json.dumps({"Metadata": self.metadata.get(options["--key"], {})})
        paths = [word for word in arguments[2:] if word == "-" or "/" in word]
        if arguments[:2] == ("s3", "rm"):
            self._remove(_key(paths[0]))
            return ""
        assert arguments[:2] == ("s3", "cp"), arguments
        source, target = paths
        if source.startswith("s3://"):
            return self.objects[_key(source)].decode()
        content = content if source == "-" else Path(source).read_bytes()
        self._put(_key(target), content, options.get("--metadata", ""))
        return ""

    def _put(self, key: str, content: bytes, metadata: str) -> None:
        self.objects[key] = content
        self.metadata[key] = dict([metadata.split("=")]) if metadata else {}
        self.changes.append(f"put {key}")

    def _remove(self, key: str) -> None:
        del self.objects[key]
        self.changes.append(f"rm {key}")


def _key(url: str) -> str:
    return url.removeprefix("s3://the-bucket/")
