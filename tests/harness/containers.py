"""The containers of an installation: run commands in them, stop, start and kill them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from cli.host import docker
from cli.installations import services
from cli.installations.local import Installation
from tests.harness.wait import eventually


class Containers:
    def __init__(self, installation: Installation) -> None:
        self.installation = installation

    def container(self, service: str) -> str:
        return f"{self.installation.project}-{service}"

    def run_in(self, service: str, *command: str, text: str | None = None) -> str:
        """Run a command in a service's container, return its output; raises CalledProcessError."""
        done = self.exec_in(service, *command, text=text)
        done.check_returncode()
        return done.stdout

    def exec_in(
        self, service: str, *command: str, text: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in a service's container; the caller checks the exit code."""
        return subprocess.run(
            [docker.docker(), "exec", "-i", self.container(service), *command],
            input=text or "",
            text=True,
            capture_output=True,
        )

    def as_root(self, service: str, *command: str) -> None:
        """Run a command in a service's container as root, beyond the rights of the image's user."""
        docker.ask("exec", "--user", "0", self.container(service), *command)

    def stop(self, service: str) -> None:
        docker.ask("stop", "-t", "5", self.container(service))

    def start(self, service: str) -> None:
        docker.ask("start", self.container(service))

    def beside(self, service: str, script: str) -> None:
        """Run a bash script with the image, user and volumes of a service's stopped container."""
        container = self.container(service)
        image = docker.inspect(container)[0]["Config"]["Image"]
        shell = ("--entrypoint", "bash", image, "-euc", script)
        docker.ask("run", "--rm", "--network", "none", "--volumes-from", container, *shell)

    @contextmanager
    def stopped(self, service: str) -> Iterator[None]:
        """Stop a service; afterwards start it and wait until every container is healthy."""
        self.stop(service)
        try:
            yield
        finally:
            self.start(service)
            self.await_healthy()

    def kill(self, service: str, command: str, signal: str = "KILL") -> list[int]:
        """Signal the processes of a container whose command line contains `command`.

        Returns their ids. The signal comes from inside the container: `docker kill` would count as
        intended and suspend the restart policy.
        """
        script = r"""
            found=()
            for folder in /proc/[0-9]*; do
                pid=${folder#/proc/}
                [[ $pid -ne $$ && $pid -ne 1 ]] || continue
                line=$(tr '\0' ' ' <"$folder/cmdline" 2>/dev/null) || continue
                [[ $line != *"$1"* ]] || found+=("$pid")
            done
            echo "${found[@]}"
            if [[ ${#found[@]} -gt 0 ]]; then kill -s "$2" "${found[@]}"; fi"""
        done = self.exec_in(service, "bash", "-c", script, "bash", command, signal)
        assert done.returncode in (0, 137), done.stderr  # 137: the container ended with it
        return [int(pid) for pid in done.stdout.split()]

    def await_healthy(self) -> None:
        eventually(
            lambda: not services.unhealthy(self.installation), "every container healthy", 300
        )
