"""A container writes to its volumes and to memory only, and its processes are limited: asked of the
running platform, not of the description."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from cli.host import docker
from tests.harness.platform import Platform
from tests.harness.wait import eventually

LARGEST_LIMIT = 2048
# Mounts that an engine makes in every container; the kernel's own are not files of the image.
OF_THE_ENGINE = {"/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/proc"}
ENGINES_FILES = {"/etc/hostname", "/etc/hosts", "/etc/resolv.conf"}  # root's
PROBE = "riada-probe"
# Folders of an image in which a service could leave a program.
FOLDERS = "/ /etc /opt /usr/local/bin /var/lib /var/log /srv /root /home"
WRITE = f"""
for folder in {FOLDERS}; do
    [[ ! -d $folder ]] || ! (: >"$folder/{PROBE}") 2>/dev/null || echo "$folder"
done
(: >/tmp/{PROBE}) && echo /tmp && rm /tmp/{PROBE}
"""
# Without a further process for each line, since they are what is limited.
BOMB = """
import os, signal
children = []
try:
    while len(children) < 100_000:
        if (child := os.fork()) == 0:
            signal.pause()
        children.append(child)
except OSError as error:
    print(len(children), error.strerror)
finally:
    for child in children:
        os.kill(child, signal.SIGKILL)
"""


def containers(platform: Platform) -> list[dict[str, Any]]:
    shown = docker.inspect(*docker.named("container", platform.installation.project))
    assert len(shown) > 10
    return shown


def service(container: dict[str, Any]) -> str:
    return str(container["Config"]["Labels"]["riada.service"])


def writable(lines: Iterable[str]) -> set[str]:
    """Mount points of /proc/self/mounts that are not read-only."""
    fields = (line.split() for line in lines)
    return {point for _, point, _, options, *_ in fields if "rw" in options.split(",")}


def test_every_container_has_its_limits(platform: Platform) -> None:
    for container in containers(platform):
        host, name = container["HostConfig"], service(container)
        assert host["ReadonlyRootfs"], name
        assert host["CapDrop"] == ["ALL"], name
        assert not host["CapAdd"], name
        assert not host["Privileged"], name
        assert "no-new-privileges:true" in host["SecurityOpt"], name
        assert 0 < host["PidsLimit"] <= LARGEST_LIMIT, name
        assert 0 < host["Memory"] == host["MemorySwap"], name
        assert container["Config"]["User"] == "riada", name
        sockets = [mount for mount in container["Mounts"] if "docker.sock" in mount["Source"]]
        assert sockets == [], name


def test_only_volumes_and_memory_are_writable(platform: Platform) -> None:
    for container in containers(platform):
        name = service(container)
        mounts = platform.run_in(name, "cat", "/proc/self/mounts").splitlines()
        volumes = {mount["Destination"] for mount in container["Mounts"] if mount["RW"]}
        memory = set(container["HostConfig"]["Tmpfs"])
        allowed = volumes | memory | OF_THE_ENGINE | ENGINES_FILES
        points = {
            point for point in writable(mounts) if not point.startswith(("/proc/", "/sys", "/dev/"))
        }
        assert points - allowed == set(), name
        assert memory <= writable(mounts), name


@pytest.mark.parametrize("user", ["riada", "0"])
def test_nobody_can_write_beside_the_image(platform: Platform, user: str) -> None:
    for container in containers(platform):
        name = service(container)
        command = ("exec", "--user", user, platform.container(name), "bash", "-c", WRITE)
        assert docker.ask(*command).split() == ["/tmp"], name


def test_secrets_are_read_only(platform: Platform) -> None:
    for container in containers(platform):
        secrets = [m for m in container["Mounts"] if m["Destination"].startswith("/run/secrets/")]
        assert not [mount["Destination"] for mount in secrets if mount["RW"]], service(container)


def test_a_fork_bomb_ends_at_the_limit(platform: Platform) -> None:
    limit = docker.inspect(platform.container("randomuser"))[0]["HostConfig"]["PidsLimit"]
    count, _, why = platform.run_in("randomuser", "/usr/bin/python3", "-c", BOMB).partition(" ")
    assert limit / 2 < int(count) < limit
    assert why.strip() == "Resource temporarily unavailable"
    eventually(lambda: _healthy(platform, "randomuser"), "randomuser is healthy", 120)


def _healthy(platform: Platform, name: str) -> bool:
    state = docker.inspect(platform.container(name))[0]["State"]
    return bool(state["Health"]["Status"] == "healthy")
