"""The artifacts store on AWS: the bucket. Each machine brings its volume to the bucket's state."""

from __future__ import annotations

import time
from dataclasses import replace

from cli.deploy.release import Release
from cli.host import aws_cli
from contract.stream.releases import ReleaseState

_STATE = "releases/state"


class ArtifactsBucket:
    """releases/NAME.tar for each release, and releases/state, the text of `ReleaseState`."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def state(self) -> ReleaseState:
        if _STATE not in aws_cli.list_keys(self._bucket, _STATE):
            return ReleaseState()
        return ReleaseState.parse(aws_cli.aws("s3", "cp", self._url(_STATE), "-"))

    def put(self, release: Release) -> None:
        self._put(self._key(release.name), release.archive())

    def activate(self, name: str) -> None:
        self._write(self.state().activated(name))

    def stream(self, name: str) -> None:
        self._write(self.state().streamed(name))

    def prune(self) -> list[str]:
        """The state changes first: a machine must not download a release that is deleted."""
        state, removed = self.state().pruned()
        if removed:
            self._write(state)
        for name in removed:
            aws_cli.aws("s3", "rm", self._url(self._key(name)))
        return removed

    def _write(self, state: ReleaseState) -> None:
        """Activates the release with a new stamp, so that machines apply the state again."""
        stamped = replace(state, stamp=str(time.time_ns()))
        self._put(_STATE, stamped.text().encode())

    def _put(self, key: str, content: bytes) -> None:
        aws_cli.aws("s3", "cp", "-", self._url(key), content=content)

    def _key(self, name: str) -> str:
        return f"releases/{name}.tar"

    def _url(self, key: str) -> str:
        return f"s3://{self._bucket}/{key}"
