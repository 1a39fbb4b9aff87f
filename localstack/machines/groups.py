"""Security groups as a packet filter of nftables in each machine.

As on AWS the name server and the metadata service are no group's matter, and answers pass. The
VPC's host, from which tests and commands come in place of Session Manager, is let in. What is
refused is dropped; the sets `coming_refused` and `going_refused` of table `groups` note from or to
whom a connection was wanted, and at which port.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from machines.account import Group, Instance, Permission
from machines.metadata import ADDRESS

LOCALSTACK_PORT = 4566
"""Where LocalStack answers in place of AWS's endpoints, which answer at 443."""


def ruleset(
    one: Instance,
    instances: Iterable[Instance],
    groups: Mapping[str, Group],
    host: str,
    localstack: str,
) -> str:
    """What nft is to read; a second time it changes nothing."""
    members: dict[str, list[str]] = {}
    for other in instances:
        for group in other.groups:
            members.setdefault(group, []).append(other.address)
    mine = [groups[name] for name in sorted(one.groups)]
    coming = _rules([way for group in mine for way in group.ingress], members, "saddr", localstack)
    going = _rules([way for group in mine for way in group.egress], members, "daddr", localstack)
    always = (
        f"ip daddr {localstack} meta l4proto {{ tcp, udp }} th dport 53 accept",
        f"ip daddr {ADDRESS} tcp dport 80 accept",
    )
    return "\n".join(
        [
            "add table ip groups",
            *_chain(
                "coming", "input", "saddr", ["iif lo accept", f"ip saddr {host} accept", *coming]
            ),
            *_chain("going", "output", "daddr", ["oif lo accept", *always, *going]),
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
    ways: Iterable[Permission], members: Mapping[str, list[str]], side: str, localstack: str
) -> Iterator[str]:
    for way in ways:
        if others := sorted(one for group in way.groups for one in members.get(group, [])):
            yield f"ip {side} {{ {', '.join(others)} }} tcp dport {way.first}-{way.last} accept"
        if way.endpoints:
            yield f"ip {side} {localstack} tcp dport {LOCALSTACK_PORT} accept"
