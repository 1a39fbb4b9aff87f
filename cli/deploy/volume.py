"""The artifacts store of this machine: a volume, which the command changes through a container that
mounts it."""

from __future__ import annotations

import inspect
import subprocess

from cli.deploy.release import Release
from cli.host.docker import docker
from cli.host.errors import CliError
from contract.stream import releases
from contract.stream.releases import ReleaseState


class ArtifactsVolume:
    """Runs `contract/stream/releases.py` inside the container."""

    def __init__(self, container: str, mount: str = "/artifacts") -> None:
        self._container, self._mount = container, mount

    def state(self) -> ReleaseState:
        return ReleaseState.parse(self._run("state"))

    def put(self, release: Release) -> None:
        self._run("put", release.name, content=release.archive())

    def activate(self, name: str) -> None:
        self._run("activate", name)

    def stream(self, name: str) -> None:
        self._run("stream", name)

    def prune(self) -> list[str]:
        return self._run("prune").split()

    def _run(self, *arguments: str, content: bytes = b"") -> str:
        python = ("python3", "-c", inspect.getsource(releases), self._mount)
        done = subprocess.run(
            [docker(), "exec", "-i", self._container, *python, *arguments],
            input=content,
            capture_output=True,
        )
        if done.returncode:
            *_, message = done.stderr.decode(errors="replace").strip().splitlines() or [
                "no message"
            ]
            raise CliError(
                f"the artifacts volume cannot be changed ({arguments[0]}): {message}",
                "run make status",
                component=self._container,
            )
        return done.stdout.decode()
