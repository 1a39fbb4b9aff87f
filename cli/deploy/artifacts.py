"""The artifacts store: releases, which one is current, and which one should stream."""

from __future__ import annotations

import subprocess
import time
from typing import Protocol

from cli.deploy.release import Release
from cli.host.docker import docker
from cli.host.output import Fault
from cli.installations import aws

KEEP = 3
"""How many releases stay, the current one included."""


class Artifacts(Protocol):
    """What a target must offer: here a volume, on AWS the bucket."""

    def current(self) -> str:
        """The release that Airflow parses; empty before the first."""

    def streaming(self) -> str:
        """The release whose driver should run; empty before the first."""

    def put(self, release: Release) -> None:
        """Lays the release down; nobody reads it yet."""

    def activate(self, name: str) -> None:
        """Makes Airflow parse that release; again if it is current already. "" for none."""

    def stream(self, name: str) -> None:
        """From now on that release's driver should run: others stop by themselves."""

    def prune(self) -> list[str]:
        """Removes all but the newest KEEP releases and returns their names."""


class Volume:
    """The volume `artifacts`, written through a container that mounts it."""

    def __init__(self, container: str) -> None:
        self._container = container

    def current(self) -> str:
        return self._run('basename "$(readlink current || true)"').strip()

    def streaming(self) -> str:
        return self._run("cat streaming-release 2>/dev/null || true").strip()

    def put(self, release: Release) -> None:
        self._run(
            """
            mkdir -p releases
            rm -rf "releases/.$1"
            mkdir "releases/.$1"
            tar x -C "releases/.$1"
            rm -rf "releases/$1.old"
            [ ! -e "releases/$1" ] || mv "releases/$1" "releases/$1.old"
            mv "releases/.$1" "releases/$1"
            rm -rf "releases/$1.old"
            """,
            release.name,
            given=release.archive(),
        )

    def activate(self, name: str) -> None:
        # touched: Airflow parses a file at once only when it is newer than its last parse
        self._run(
            """
            if [ -z "$1" ]; then rm -f current; exit; fi
            find "releases/$1/dags" -name '*.py' -exec touch {} +
            ln -sfn "releases/$1" .current
            mv -T .current current
            """,
            name,
        )

    def stream(self, name: str) -> None:
        self._run('printf %s "$1" >.streaming; mv .streaming streaming-release', name)

    def prune(self) -> list[str]:
        return self._run(
            """
            streaming=$(cat streaming-release 2>/dev/null || true)
            current=$(basename "$(readlink current)")
            ls -1t releases | awk -v keep="$1" -v a="$current" -v b="$streaming" \
                '$0 != a && $0 != b && ++n >= keep' | while read -r old; do
                rm -rf "releases/$old"
                echo "$old"
            done
            """,
            str(KEEP),
        ).split()

    def _run(self, script: str, *arguments: str, given: bytes = b"") -> str:
        command = [docker(), "exec", "-i", "-w", "/artifacts", self._container]
        done = subprocess.run(
            [*command, "bash", "-euo", "pipefail", "-c", script, "artifacts", *arguments],
            input=given,
            capture_output=True,
        )
        if done.returncode:
            raise Fault(
                f"writing to the artifacts volume failed: {done.stderr.decode().strip()}",
                f"is {self._container} up? make status",
            )
        return done.stdout.decode()


class Bucket:
    """The bucket, below releases/; riada-node brings it to the volumes `artifacts` of machines."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def current(self) -> str:
        return self._state().get("current", "")

    def streaming(self) -> str:
        return self._state().get("streaming", "")

    def put(self, release: Release) -> None:
        self._put(f"{release.name}.tar", release.archive())

    def activate(self, name: str) -> None:
        state = self._state()
        kept = [one for one in state.get("releases", "").split() if one != name]
        self._tell(state | {"current": name, "releases": " ".join(filter(None, [name, *kept]))})

    def stream(self, name: str) -> None:
        self._tell(self._state() | {"streaming": name})

    def prune(self) -> list[str]:
        state = self._state()
        newest = state.get("releases", "").split()
        used = {state.get("current"), state.get("streaming")}
        old = [name for name in newest[KEEP:] if name not in used]
        if old:
            self._tell(state | {"releases": " ".join(name for name in newest if name not in old)})
        for name in old:
            aws.ask("s3", "rm", f"s3://{self._bucket}/releases/{name}.tar")
        return old

    def _state(self) -> dict[str, str]:
        """What infra/modules/user-data/riada-node reads: a key and its words in each line."""
        if "releases/state" not in aws.listed(self._bucket, "releases/state"):
            return {}
        text = aws.ask("s3", "cp", f"s3://{self._bucket}/releases/state", "-")
        parts = (line.partition(" ") for line in text.splitlines())
        return {key: words for key, _, words in parts}

    def _tell(self, state: dict[str, str]) -> None:
        """Stamped, so that machines take it again after every activation."""
        lines = (state | {"stamp": str(time.time_ns())}).items()
        self._put("state", "".join(f"{key} {words}\n" for key, words in lines).encode())

    def _put(self, name: str, content: bytes) -> None:
        aws.ask("s3", "cp", "-", f"s3://{self._bucket}/releases/{name}", given=content)
