"""The logs of drivers are copied to docker's log, and do not grow for ever."""

from __future__ import annotations

from tests.docker.conftest import Container, Start
from tests.harness.wait import eventually

# The driver's log is emptied when it is larger than LOG_MIB (docker/spark/Dockerfile).
FILE, LIMIT_MIB = "/var/lib/spark-work/driver-1/stderr", 32


def append(follower: Container, first: int, last: int) -> None:
    """Lines of 1 KiB, as Spark appends them."""
    line = '{ printf "%08d ", $1; for (n = 9; n < 1023; n++) printf "x"; print "" }'
    script = f"mkdir -p $(dirname {FILE}) && seq {first} {last} | awk '{line}' >>{FILE}"
    follower.run("bash", "-c", script).check_returncode()


def size(follower: Container) -> int:
    return int(follower.run("stat", "--format=%s", FILE).stdout)


def test_a_drivers_log_is_emptied_after_it_was_copied(start: Start) -> None:
    follower = start("spark", "follower", command=("follow-logs", "/var/lib/spark-work"))
    small, large = 1024, (LIMIT_MIB + 1) << 10
    append(follower, 1, small)
    eventually(lambda: f"driver | {small:08d}" in follower.logs(), "the lines are copied", 60)
    assert size(follower) == small << 10
    append(follower, small + 1, large)
    eventually(lambda: size(follower) == 0, "the log is emptied", 60)
    append(follower, large + 1, large + 1)
    eventually(
        lambda: f"driver | {large + 1:08d}" in follower.logs(), "the next line is copied", 60
    )
    copied = [int(line.split()[2]) for line in follower.logs().splitlines()]
    assert copied == [*range(1, large + 2)]
