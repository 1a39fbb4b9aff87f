"""Security groups become rules of nftables: only the named peers and ports are accepted."""

from __future__ import annotations

from machines.account import Group, Instance, Permission
from machines.groups import ruleset

HOST, LOCALSTACK = "10.0.0.1", "10.0.0.2"


def instance(name: str, address: str, group: str) -> Instance:
    return Instance(
        name=name,
        state="running",
        rebooted="",
        address=address,
        vpc="vpc-0abc",
        zone="a",
        type="t3.small",
        memory_mib=2048,
        image="ami",
        profile="",
        groups=frozenset([group]),
    )


POSTGRES = instance("i-1", "10.0.0.11", "postgres")
CONNECT = instance("i-2", "10.0.0.12", "connect")
CASSANDRA = instance("i-3", "10.0.0.13", "cassandra")
SQL = Permission(5432, 5432, frozenset(["connect"]), endpoints=False)
HTTPS = Permission(443, 443, frozenset(), endpoints=True)
GROUPS = {
    "postgres": Group((SQL,), (HTTPS,)),
    "connect": Group((), (Permission(5432, 5432, frozenset(["postgres"]), endpoints=False),)),
    "cassandra": Group((), ()),
}


def accepted(of: Instance, chain: str) -> list[str]:
    text = ruleset(of, [POSTGRES, CONNECT, CASSANDRA], GROUPS, HOST, LOCALSTACK)
    prefix = f"add rule ip groups {chain} "
    lines = [line.removeprefix(prefix) for line in text.splitlines() if line.startswith(prefix)]
    return [line for line in lines if line.endswith("accept") and "dport" in line]


def test_ingress_accepts_the_peers_of_the_group_only() -> None:
    assert accepted(POSTGRES, "ingress") == ["ip saddr { 10.0.0.12 } tcp dport 5432-5432 accept"]
    assert accepted(CASSANDRA, "ingress") == []


def test_egress_accepts_peers_endpoints_and_the_services_without_a_group() -> None:
    always = [
        f"ip daddr {LOCALSTACK} meta l4proto {{ tcp, udp }} th dport 53 accept",
        "ip daddr 169.254.169.254 tcp dport 80 accept",
    ]
    assert accepted(CONNECT, "egress") == [
        *always,
        "ip daddr { 10.0.0.11 } tcp dport 5432-5432 accept",
    ]
    assert accepted(POSTGRES, "egress") == [
        *always,
        f"ip daddr {LOCALSTACK} tcp dport 4566 accept",
    ]
    assert accepted(CASSANDRA, "egress") == always


def test_egress_accepts_a_range_of_addresses() -> None:
    anywhere = Permission(5433, 5433, frozenset(), endpoints=False, ranges=("0.0.0.0/0",))
    text = ruleset(CONNECT, [CONNECT], {"connect": Group((), (anywhere,))}, HOST, LOCALSTACK)
    rule = "add rule ip groups egress ip daddr { 0.0.0.0/0 } tcp dport 5433-5433 accept"
    assert rule in text.splitlines()


def test_everything_else_is_dropped() -> None:
    text = ruleset(POSTGRES, [POSTGRES], GROUPS, HOST, LOCALSTACK)
    for hook in ("input", "output"):
        assert f"hook {hook} priority 0; policy drop;" in text
