"""Machines as containers whose first process is systemd, with an engine of their own inside.

They share the host's kernel and see its memory and cores. They have less isolation than other
containers, because the engine inside mounts file systems and makes control groups and devices.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from docker.client import from_env
from docker.models.containers import Container
from docker.types import IPAMConfig, IPAMPool

from machines import groups
from machines.account import Group, Instance, Volume, Vpc
from machines.disks import Disks

STOP_S = 60
# NVMe shows a volume's id as its serial.
DEVICE = "nvme1n1"
SHOW = f"""
[ -b /dev/{DEVICE} ] || mknod /dev/{DEVICE} b 7 "$1"
mkdir -p /sys/block/{DEVICE}
echo "$2" >/sys/block/{DEVICE}/serial
"""


class Containers:
    """`localstack` is the name of LocalStack's container, and prefix of every name made here."""

    volumes: Sequence[str] = ("/var/lib/docker", "/var/lib/containerd")

    def __init__(self, localstack: str, image: str) -> None:
        self._engine = from_env()
        self._localstack = localstack
        self._image = image
        self._network = f"{localstack}-vpc"
        self._label = {"riada.localstack": localstack}
        self._rebooted: dict[str, str] = {}
        self._attached: set[tuple[str, str, str]] = set()
        self._rulesets: dict[str, tuple[str, str]] = {}
        self._host = self._address_of_localstack = ""
        self._seen: dict[str, Container] = {}

    def refresh(self) -> set[str]:
        """Instances that have a machine, running or not. Other methods use what it read."""
        label = f"riada.localstack={self._localstack}"
        machines = self._engine.containers.list(all=True, filters={"label": label})
        self._seen = {machine.labels["riada.instance"]: machine for machine in machines}
        return set(self._seen)

    def keep_network(self, vpcs: Sequence[Vpc]) -> None:
        """A bridge for the VPC: its gateway is the host, its name server LocalStack's container."""
        networks = self._engine.networks.list(names=[self._network])
        made = {network.name: network for network in networks}.get(self._network)
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
                # not `internal`: its filter would drop packets to the metadata service
                options={"com.docker.network.bridge.enable_ip_masquerade": "false"},
                labels=self._label | {"riada.vpc": vpcs[0].name},
            )
            made.connect(self._localstack, ipv4_address=_nth(vpcs[0].cidr, 2))
        if made:
            [pool] = made.attrs["IPAM"]["Config"]
            self._host, self._address_of_localstack = (_nth(pool["Subnet"], n) for n in (1, 2))

    def run(self, instance: Instance, domain: Callable[[Instance], str]) -> None:
        """Boot the machine, or start it again, or restart it after a reboot by EC2."""
        machine = self._seen.get(instance.name)
        if machine is None:
            self._boot(instance, domain(instance))
        elif machine.status in ("created", "exited"):
            machine.start()
        elif self._rebooted.get(instance.name, instance.rebooted) != instance.rebooted:
            machine.restart(timeout=STOP_S)
        self._rebooted[instance.name] = instance.rebooted

    def stop(self, name: str) -> None:
        machine = self._seen.get(name)
        if machine and machine.status == "running":
            machine.stop(timeout=STOP_S)

    def remove(self, name: str) -> None:
        """Remove the machine and its root volume; a running one is shut down first, as EC2 does."""
        self.stop(name)
        self._seen.pop(name).remove(force=True, v=True)

    def clear(self) -> None:
        """Remove all machines at once, without shutting them down."""
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda name: self._seen[name].remove(force=True, v=True), self.refresh()))
        self._seen.clear()
        self.keep_network([])

    def apply_groups(
        self,
        instance: Instance,
        instances: Iterable[Instance],
        security_groups: Mapping[str, Group],
    ) -> None:
        """Apply the packet filter of its security groups, in the round after its start."""
        machine = self._seen.get(instance.name)
        if machine is None or machine.status != "running":
            return
        rules = groups.ruleset(
            instance, instances, security_groups, self._host, self._address_of_localstack
        )
        applied = (machine.attrs["State"]["StartedAt"], rules)
        if self._rulesets.get(instance.name) != applied:
            code, output = machine.exec_run(["nft", rules])
            if code:
                raise RuntimeError(f"{instance.name}: nft failed: {output.decode()}")
            self._rulesets[instance.name] = applied

    def attach(self, name: str, volume: Volume, disks: Disks) -> None:
        """Attach the volume now, or in a later round if the machine is not ready for it."""
        machine = self._seen.get(name)
        if machine is None or machine.status != "running":
            return
        key = (machine.id, machine.attrs["State"]["StartedAt"], volume.name)
        if key not in self._attached:
            code, output = machine.exec_run(self._plug(volume, disks))
            if code == os.EX_TEMPFAIL:
                return
            if code:
                raise RuntimeError(f"{name} cannot attach {volume.name}: {output.decode()}")
            self._attached.add(key)

    def _plug(self, volume: Volume, disks: Disks) -> list[str]:
        """The command that makes the volume visible inside a machine."""
        loop, serial = disks.device(volume), volume.name.replace("-", "")
        return ["sh", "-ec", SHOW, "show", str(loop), serial]

    def _boot(self, instance: Instance, domain: str) -> None:
        api = self._engine.api
        rights = api.create_host_config(
            network_mode=self._network,
            cap_add=["ALL"],
            cap_drop=["SYS_RESOURCE"],  # hosts that are containers themselves lack it
            security_opt=["seccomp=unconfined", "apparmor=unconfined"],
            device_cgroup_rules=["a *:* rwm"],
            cpu_shares=128,  # the host's own work comes first
            **self._shape(instance),
        )
        made = api.create_container(
            self._image,
            tty=True,  # /dev/console, which `docker logs` then shows
            name=f"{self._localstack}-{instance.name}",
            hostname=f"ip-{instance.address.replace('.', '-')}",
            labels=self._label | {"riada.instance": instance.name},
            environment={
                "NAMESERVER": self._address_of_localstack,
                "SEARCH": domain,
                **self._environment(instance),
            },
            volumes=list(self.volumes),
            # --security-opt systempaths=unconfined
            host_config=rights | {"MaskedPaths": [], "ReadonlyPaths": []},
            networking_config=api.create_networking_config(
                {self._network: api.create_endpoint_config(ipv4_address=instance.address)}
            ),
        )
        api.start(made)

    def _shape(self, instance: Instance) -> dict[str, Any]:
        """The part of the host config in which kinds of machine differ."""
        return {
            "extra_hosts": {"localstack": self._address_of_localstack},
            "cgroupns": "private",
            "tmpfs": {"/run": "", "/run/lock": "", "/tmp": "exec", "/sys/block": ""},
        }

    def _environment(self, instance: Instance) -> dict[str, str]:
        """The part of the environment in which kinds of machine differ."""
        return {"container": "docker"}


def _nth(cidr: str, number: int) -> str:
    """AWS reserves the first four addresses of every subnet."""
    return str(ipaddress.ip_network(cidr)[number])
