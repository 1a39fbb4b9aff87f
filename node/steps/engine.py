"""The container engine and the node's containers."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from node.commands import last_line, run, succeeds
from node.config import Config
from node.errors import NotReadyError

PID_FILE = Path("/run/docker.pid")
POLL_S = 2


def start_engine(config: Config) -> None:
    if not succeeds("systemctl", "start", "docker"):
        raise NotReadyError("the engine does not start: journalctl -u docker")
    if config.volume and not sees(PID_FILE, config.data):
        raise NotReadyError(
            f"the engine does not see volume {config.volume} at {config.data}:"
            " systemctl restart docker"
        )


def sees(pid_file: Path, data: Path) -> bool:
    """True if the engine finds the data volume at `data`.

    If / is a private mount, dockerd binds its folder onto itself. That hides later mounts below the
    folder, and the engine would write to the root disk.
    """
    try:
        pid = pid_file.read_text().strip()
        return Path(f"/proc/{pid}/root{data}").stat().st_dev == data.stat().st_dev
    except OSError:
        return False


def start_containers(config: Config) -> None:
    """Start what the compose file names, and remove containers that it no longer names."""
    compose = ("docker", "compose", "-p", config.project, "-f", str(config.compose))
    done = run(*compose, "up", "-d", "--no-build", "--remove-orphans")
    (config.run / "up.log").write_text(done.stdout)
    if done.returncode:
        raise NotReadyError(f"compose: {last_line(done.stdout)}")


def await_health(timeout_s: float) -> None:
    """Wait until every container is healthy. Raises NotReadyError with those that are not."""
    until = time.monotonic() + timeout_s
    while waiting := not_ready():
        if time.monotonic() > until:
            raise NotReadyError(" ".join(waiting))
        time.sleep(POLL_S)


FORMAT = "{{.Names}} ({{.Status}})"


def not_ready() -> list[str]:
    """The containers that are not healthy, or the error of an engine that does not answer. What
    docker writes to stderr otherwise is a warning."""
    listing = ("docker", "ps", "-a", "--format", FORMAT)
    done = subprocess.run(listing, capture_output=True, text=True)
    if done.returncode:
        return [f"docker ps: {last_line(done.stderr)}"]
    return unhealthy(done.stdout)


def unhealthy(listing: str) -> list[str]:
    """Lines of FORMAT, such as "riada-connect (Up 2 minutes (unhealthy))"."""
    return [line for line in listing.splitlines() if "(healthy)" not in line]
