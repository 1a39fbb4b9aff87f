"""Mounts and unmounts in the view of another process."""

from __future__ import annotations

import json
import subprocess

from cli.host import docker
from cli.host.paths import ROOT

MACHINE = 1  # pid of the engine's machine
_RIGHTS = ("--cap-add", "SYS_ADMIN", "--cap-add", "SYS_PTRACE", "--cap-add", "SYS_CHROOT")


def run(pid: int, script: str) -> None:
    """Run a script in the mount namespace of a process of the engine's machine, as root."""
    tags = json.loads(subprocess.check_output([ROOT / "docker/build.sh", "--tags"]))
    beside = ("--pid", "host", "--user", "0", "--security-opt", "apparmor=unconfined", *_RIGHTS)
    inside = ("--target", str(pid), "--mount", "bash", "-euc", script)
    docker.ask("run", "--rm", *beside, "--entrypoint", "nsenter", tags["base"], *inside)
