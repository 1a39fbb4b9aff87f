"""Security groups as a packet filter of nftables in each machine.

As on AWS, groups do not apply to the name server and the metadata service, and answers pass. The
VPC's host may connect: tests and commands come from it in place of Session Manager. Other packets
are dropped. The sets `ingress_refused` and `egress_refused` of table `groups` record the other end
and the port of each refused connection.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from machines.account import Group, Instance, Permission
from machines.metadata import ADDRESS

LOCALSTACK_PORT = 4566  # LocalStack answers there; AWS's endpoints answer at 443


def ruleset(
    instance: Instance,
    instances: Iterable[Instance],
    groups: Mapping[str, Group],
    host: str,
    localstack: str,
) -> str:
    """Input of nft. Applied a second time it changes nothing."""
    members: dict[str, list[str]] = {}
    for other in instances:
        for group in other.groups:
            members.setdefault(group, []).append(other.address)
    own = [groups[name] for name in sorted(instance.groups)]
    ingress = [permission for group in own for permission in group.ingress]
    egress = [permission for group in own for permission in group.egress]
    to_machine = _rules(ingress, members, "saddr", localstack)
    from_machine = _rules(egress, members, "daddr", localstack)
    always = (
        f"ip daddr {localstack} meta l4proto {{ tcp, udp }} th dport 53 accept",
        f"ip daddr {ADDRESS} tcp dport 80 accept",
    )
    return "\n".join(
        [
            "add table ip groups",
            *_chain(
                "ingress",
                "input",
                "saddr",
                ["iif lo accept", f"ip saddr {host} accept", *to_machine],
            ),
            *_chain("egress", "output", "daddr", ["oif lo accept", *always, *from_machine]),
        ]
    )


def _chain(name: str, hook: str, side: str, rules: Iterable[str]) -> Iterator[str]:
    refused = f"{name}_refused"
    pairs = "type ipv4_addr . inet_service; flags dynamic; size 999;"
    yield f"add set ip groups {refused} {{ {pairs} }}"
    yield f"add chain ip groups {name} {{ type filter hook {hook} priority 0; policy drop; }}"
    yield f"flush chain ip groups {name}"
    wanted = f"tcp flags & (syn | ack) == syn add @{refused} {{ ip {side} . tcp dport }}"
    for rule in ("ct state established,related accept", *rules, wanted):
        yield f"add rule ip groups {name} {rule}"


def _rules(
    permissions: Iterable[Permission],
    members: Mapping[str, list[str]],
    side: str,
    localstack: str,
) -> Iterator[str]:
    for permission in permissions:
        peers = sorted(peer for group in permission.groups for peer in members.get(group, []))
        # a rule for each range: a set must not overlap
        for others in filter(None, (", ".join(peers), *permission.ranges)):
            ports = f"{permission.first}-{permission.last}"
            yield f"ip {side} {{ {others} }} tcp dport {ports} accept"
        if permission.endpoints:
            yield f"ip {side} {localstack} tcp dport {LOCALSTACK_PORT} accept"
