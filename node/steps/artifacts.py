"""The volume `artifacts`: releases come from the bucket, the streaming driver's status goes there.

The bucket and the folder have the layout that contract/stream/releases.py describes.
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path

from contract.stream.releases import STATUS, ReleaseFolder
from node.errors import AwsError, NotReadyError
from node.steps.bucket import Bucket
from node.steps.owner import as_owner, read

STATE_KEY = "releases/state"
STATUS_KEY = f"releases/{STATUS}"
POLL_S = 5


class Artifacts:
    """`publishes`: the driver may run on this node, a Spark worker, so the node's status goes to
    the bucket; other nodes take it from there."""

    def __init__(self, folder: Path, run: Path, bucket: Bucket, publishes: bool) -> None:
        self._folder = folder
        self._published = run / STATUS  # the status that was last compared with the bucket
        self._bucket = bucket
        self._publishes = publishes

    def update(self) -> None:
        """Bring the folder to the state of the bucket. Raises NotReadyError.

        The folder exists only on nodes with a container that uses it, once that was started.
        """
        if not self._folder.is_dir():
            return
        self.share_status()
        try:
            state = self._bucket.read(STATE_KEY).decode()
        except AwsError:
            return  # nothing is deployed yet
        try:
            with as_owner(self._folder) as folder:
                ReleaseFolder(folder).follow(state, self._fetch)
        except AwsError as error:
            raise NotReadyError(f"a release cannot be fetched: {error.cause}") from error
        except OSError as error:
            raise NotReadyError(f"{self._folder} cannot be written: {error}") from error

    def follow(self, duration_s: float) -> None:
        until = time.monotonic() + duration_s
        while time.monotonic() < until:
            self.update()
            time.sleep(POLL_S)

    def share_status(self) -> None:
        """Bring the driver's status from the worker where the driver runs to all other nodes."""
        with suppress(AwsError, OSError):  # the next update tries again
            self._publish() if self._publishes else self._receive()

    def _receive(self) -> None:
        content = self._bucket.read(STATUS_KEY)
        with as_owner(self._folder) as folder:
            file = folder / STATUS
            if read(file) != content:
                draft = file.with_name(f".{STATUS}.draft")
                draft.unlink(missing_ok=True)
                draft.write_bytes(content)
                draft.replace(file)

    def _publish(self) -> None:
        """Put the status if it changed, unless the bucket has a newer one: then the driver runs on
        another worker now, and this file has its earlier status."""
        with as_owner(self._folder) as folder:
            content = read(folder / STATUS)
        if content is None:
            return
        if self._published.exists() and self._published.read_bytes() == content:
            return
        try:
            newer = since(self._bucket.read(STATUS_KEY)) > since(content)
        except AwsError:
            newer = False  # the first status of all
        if not newer:
            self._bucket.put(STATUS_KEY, content)
        self._published.write_bytes(content)

    def _fetch(self, name: str) -> bytes:
        return self._bucket.read(f"releases/{name}.tar")


def since(status: bytes) -> str:
    """When a driver's state began, in ISO 8601 UTC, which sorts as text; "" if it is damaged."""
    try:
        return str(json.loads(status)["since"])
    except (ValueError, KeyError, TypeError):
        return ""
