"""Invariant 6: the internet reaches nothing, and a node is reached only by nodes that need it."""

from __future__ import annotations

import json
import re

from tests.aws.account import Account
from tests.aws.conftest import Root

Connection = tuple[str, str, int]  # role that connects, role that is connected to, port

ADDRESS = re.compile(r"([a-z0-9-]+)\.riada\.internal:(\d+)")
# Variables with the address of a service to which their own service does not connect: the scheduler
# passes the master's address on to the driver.
NOT_CONNECTED = {"SPARK_MASTER_URL": "airflow-scheduler"}


def test_no_route_to_or_from_the_internet(root: Root, account: Account) -> None:
    ec2 = account.client("ec2")
    [vpc] = [vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]]
    attached = [{"Name": "attachment.vpc-id", "Values": [vpc]}]
    assert not ec2.describe_internet_gateways(Filters=attached)["InternetGateways"]
    assert not ec2.describe_nat_gateways()["NatGateways"]
    assert account.instances()
    assert not [instance for instance in account.instances() if instance.get("PublicIpAddress")]


def test_no_rule_names_addresses(root: Root, account: Account) -> None:
    """Peers are groups; the only other peer is the bucket's prefix list, for egress."""
    rules = account.rules()
    assert len(rules) > 50
    assert not [rule for rule in rules if "CidrIpv4" in rule or "CidrIpv6" in rule]
    assert not [rule for rule in rules if not rule["IsEgress"] and not rule["peer"]]


def test_only_some_roles_reach_postgres_and_the_rest_port_of_spark(
    root: Root, account: Account
) -> None:
    allowed = open_ports(account)

    def clients(role: str, port: int) -> set[str]:
        return {client for client, server, at in allowed if (server, at) == (role, port)}

    # Spark's workers compare large tables.
    readers = {"control-center", "spark-worker"}
    assert clients("postgres", 5432) == {"airflow", "connect", *readers}
    assert clients("spark-master", 6066) == {"airflow"}
    assert clients("cassandra", 7000) == {"cassandra"}
    assert not clients("postgres", 22)


def test_every_address_that_a_container_has_is_open(root: Root, account: Account) -> None:
    """The addresses stand in the compose files of the nodes; the rules come from `connects_to`."""
    needed = connections(account, root)
    assert len(needed) > 15
    assert needed - open_ports(account) == set()


def test_metadata_only_with_a_token(root: Root, account: Account) -> None:
    options = [instance["MetadataOptions"] for instance in account.instances()]
    assert {(option["HttpTokens"], option["HttpPutResponseHopLimit"]) for option in options} == {
        ("required", 1)
    }
    assert not [instance for instance in account.instances() if instance.get("KeyName")]


def open_ports(account: Account) -> set[Connection]:
    """Connections that the egress rules of one group and the ingress rules of the other allow."""
    allowed: dict[bool, set[Connection]] = {True: set(), False: set()}
    for rule in account.rules():
        ends = (rule["group"], rule["peer"])
        client, server = ends if rule["IsEgress"] else ends[::-1]
        roles = client.removeprefix("riada-"), server.removeprefix("riada-")
        ports = range(rule["FromPort"], rule["ToPort"] + 1)
        allowed[rule["IsEgress"]] |= {(*roles, port) for port in ports}
    return allowed[True] & allowed[False]


def connections(account: Account, root: Root) -> set[Connection]:
    """Connections from one node to another, by the addresses that the containers have."""
    nodes = json.loads(root.run("output", "-json", "nodes"))
    node_of = {service: name for name, node in nodes.items() for service in node["services"]}
    connected: set[Connection] = set()
    for node in nodes:
        for name, service in compose_file(account, node)["services"].items():
            for variable, text in service["environment"].items():
                for host, port in ADDRESS.findall(text or ""):
                    if node_of[host] != node and NOT_CONNECTED.get(variable) != name:
                        connected.add((role(node), role(node_of[host]), int(port)))
    return connected


def compose_file(account: Account, node: str) -> dict[str, dict[str, dict[str, dict[str, str]]]]:
    s3 = account.client("s3")
    bucket, key = account.bucket(), f"nodes/{role(node)}/{node}.json"
    file: dict[str, dict[str, dict[str, dict[str, str]]]] = json.loads(
        s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    )
    return file


def role(node: str) -> str:
    return re.sub(r"-\d+$", "", node)
