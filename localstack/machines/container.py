"""Machines as containers whose first process is systemd, with an engine of their own inside.

They share the host's kernel and see its memory and cores. What of isolation they give up, an engine
inside needs: it mounts, makes control groups and devices.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from docker.models.containers import Container
from docker.types import IPAMConfig, IPAMPool

import docker
from machines import groups
from machines.account import Group, Instance, Volume, Vpc
from machines.disks import Disks

STOP_S = 60
DEVICE = "nvme1n1"
SHOW = f"""
[ -b /dev/{DEVICE} ] || mknod /dev/{DEVICE} b 7 "$1"
mkdir -p /sys/block/{DEVICE}
echo "$2" >/sys/block/{DEVICE}/serial
"""
"""NVMe tells a volume's id as its serial."""


class Containers:
    """`localstack` is the container of LocalStack; all that is made has its name as a prefix."""

    volumes: Sequence[str] = ("/var/lib/docker", "/var/lib/containerd")

    def __init__(self, localstack: str, image: str) -> None:
        self._engine = docker.from_env()
        self._localstack = localstack
        self._image = image
        self._network = f"{localstack}-vpc"
        self._label = {"riada.localstack": localstack}
        self._rebooted: dict[str, str] = {}
        self._attached: set[tuple[str, str, str]] = set()
        self._guarded: dict[str, tuple[str, str]] = {}
        self._host = self._address_of_localstack = ""
        self._seen: dict[str, Container] = {}

    def look(self) -> set[str]:
        """Instances that have a machine, running or not; what follows goes by this look."""
        label = f"riada.localstack={self._localstack}"
        found = self._engine.containers.list(all=True, filters={"label": label})
        self._seen = {one.labels["riada.instance"]: one for one in found}
        return set(self._seen)

    def keep_network(self, vpcs: Sequence[Vpc]) -> None:
        """A bridge for the VPC: its gateway is the host, its name server this and LocalStack."""
        known = {one.name: one for one in self._engine.networks.list(names=[self._network])}
        made = known.get(self._network)
        if made and made.attrs["Labels"].get("riada.vpc") not in [vpc.name for vpc in vpcs]:
            if self._seen:
                return
            made.reload()
            for container in list(made.containers):
                made.disconnect(container, force=True)
            made.remove()
        elif not made and vpcs:
            pool = IPAMPool(subnet=vpcs[0].cidr, gateway=_nth(vpcs[0].cidr, 1))
            made = self._engine.networks.create(
                self._network,
                ipam=IPAMConfig(pool_configs=[pool]),
                # not `internal`: its filter would drop what goes to the metadata service
                options={"com.docker.network.bridge.enable_ip_masquerade": "false"},
                labels=self._label | {"riada.vpc": vpcs[0].name},
            )
            made.connect(self._localstack, ipv4_address=_nth(vpcs[0].cidr, 2))
        if made:
            [pool] = made.attrs["IPAM"]["Config"]
            self._host, self._address_of_localstack = (_nth(pool["Subnet"], n) for n in (1, 2))

    def run(self, one: Instance, domain: Callable[[Instance], str]) -> None:
        """Boot it, start it again, or do as it was told by a reboot."""
        machine = self._seen.get(one.name)
        if machine is None:
            self._boot(one, domain(one))
        elif machine.status in ("created", "exited"):
            machine.start()
        elif self._rebooted.get(one.name, one.rebooted) != one.rebooted:
            machine.restart(timeout=STOP_S)
        self._rebooted[one.name] = one.rebooted

    def stop(self, name: str) -> None:
        machine = self._seen.get(name)
        if machine and machine.status == "running":
            machine.stop(timeout=STOP_S)

    def remove(self, name: str) -> None:
        """With its root volume; one that runs is shut down first, as EC2 does."""
        self.stop(name)
        self._seen.pop(name).remove(force=True, v=True)

    def clear(self) -> None:
        """Remove all at once; nobody will ask for their data."""
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda name: self._seen[name].remove(force=True, v=True), self.look()))
        self._seen.clear()
        self.keep_network([])

    def guard(
        self, one: Instance, instances: Iterable[Instance], security_groups: Mapping[str, Group]
    ) -> None:
        """Let in and out what its security groups do, at the look after its start."""
        machine = self._seen.get(one.name)
        if machine is None or machine.status != "running":
            return
        rules = groups.ruleset(
            one, instances, security_groups, self._host, self._address_of_localstack
        )
        guarded = (machine.attrs["State"]["StartedAt"], rules)
        if self._guarded.get(one.name) != guarded:
            code, said = machine.exec_run(["nft", rules])
            if code:
                raise RuntimeError(f"{one.name} takes no packet filter: {said.decode()}")
            self._guarded[one.name] = guarded

    def attach(self, name: str, volume: Volume, disks: Disks) -> None:
        """At once, or at a later look when the machine is not that far."""
        machine = self._seen.get(name)
        if machine is None or machine.status != "running":
            return
        key = (machine.id, machine.attrs["State"]["StartedAt"], volume.name)
        if key not in self._attached:
            code, said = machine.exec_run(self._plug(volume, disks))
            if code == os.EX_TEMPFAIL:
                return
            if code:
                raise RuntimeError(f"{name} does not take {volume.name}: {said.decode()}")
            self._attached.add(key)

    def _plug(self, volume: Volume, disks: Disks) -> list[str]:
        """The command that shows the volume inside a machine."""
        loop, serial = disks.device(volume), volume.name.replace("-", "")
        return ["sh", "-ec", SHOW, "show", str(loop), serial]

    def _boot(self, one: Instance, domain: str) -> None:
        api = self._engine.api
        rights = api.create_host_config(
            network_mode=self._network,
            cap_add=["ALL"],
            cap_drop=["SYS_RESOURCE"],  # hosts that are containers themselves lack it
            security_opt=["seccomp=unconfined", "apparmor=unconfined"],
            device_cgroup_rules=["a *:* rwm"],
            cpu_shares=128,  # the host's own work comes first
            **self._shape(one),
        )
        made = api.create_container(
            self._image,
            tty=True,  # /dev/console, which `docker logs` then shows
            name=f"{self._localstack}-{one.name}",
            hostname=f"ip-{one.address.replace('.', '-')}",
            labels=self._label | {"riada.instance": one.name},
            environment={
                "NAMESERVER": self._address_of_localstack,
                "SEARCH": domain,
                **self._told(one),
            },
            volumes=list(self.volumes),
            # what the command line calls systempaths=unconfined
            host_config=rights | {"MaskedPaths": [], "ReadonlyPaths": []},
            networking_config=api.create_networking_config(
                {self._network: api.create_endpoint_config(ipv4_address=one.address)}
            ),
        )
        api.start(made)

    def _shape(self, one: Instance) -> dict[str, Any]:
        """What its host config has beside what all kinds of machine have."""
        return {
            "extra_hosts": {"localstack": self._address_of_localstack},
            "cgroupns": "private",
            "tmpfs": {"/run": "", "/run/lock": "", "/tmp": "exec", "/sys/block": ""},
        }

    def _told(self, one: Instance) -> dict[str, str]:
        """The same of its environment."""
        return {"container": "docker"}


def _nth(cidr: str, number: int) -> str:
    """AWS reserves the first four addresses of every subnet."""
    return str(ipaddress.ip_network(cidr)[number])
