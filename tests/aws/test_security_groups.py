"""Nothing is reachable from the internet, and inside only by who needs it (invariant 6)."""

from __future__ import annotations

from tests.aws.account import Account
from tests.aws.conftest import Root


def test_no_way_to_or_from_the_internet(root: Root, account: Account) -> None:
    ec2 = account.client("ec2")
    [vpc] = [one["VpcId"] for one in ec2.describe_vpcs()["Vpcs"] if not one["IsDefault"]]
    mine = [{"Name": "attachment.vpc-id", "Values": [vpc]}]
    assert not ec2.describe_internet_gateways(Filters=mine)["InternetGateways"]
    assert not ec2.describe_nat_gateways()["NatGateways"]
    assert account.instances()
    assert not [one for one in account.instances() if one.get("PublicIpAddress")]


def test_no_rule_names_addresses(root: Root, account: Account) -> None:
    """Peers are groups; besides them only the bucket's prefix list, outwards."""
    rules = account.rules()
    assert len(rules) > 50
    assert not [one for one in rules if "CidrIpv4" in one or "CidrIpv6" in one]
    assert not [one for one in rules if not one["IsEgress"] and not one["peer"]]


def test_who_reaches_postgres_and_the_rest_port_of_spark(root: Root, account: Account) -> None:
    def peers(group: str, port: int) -> set[str]:
        return {
            one["peer"].removeprefix("riada-")
            for one in account.rules()
            if not one["IsEgress"]
            and one["group"] == f"riada-{group}"
            and one["FromPort"] <= port <= one["ToPort"]
        }

    assert peers("postgres", 5432) == {"airflow", "connect", "control-center"}
    assert peers("spark-master", 6066) == {"airflow"}
    assert peers("cassandra", 7000) == {"cassandra"}
    assert not peers("postgres", 22)


def test_every_way_in_has_its_way_out(root: Root, account: Account) -> None:
    ways: dict[bool, set[tuple[str, str, int, int]]] = {True: set(), False: set()}
    for one in account.rules():
        pair = (one["group"], one["peer"]) if one["IsEgress"] else (one["peer"], one["group"])
        if one["peer"]:
            ways[one["IsEgress"]].add((*pair, one["FromPort"], one["ToPort"]))
    assert ways[True] == ways[False]


def test_metadata_only_with_a_token(root: Root, account: Account) -> None:
    options = [one["MetadataOptions"] for one in account.instances()]
    assert {(one["HttpTokens"], one["HttpPutResponseHopLimit"]) for one in options} == {
        ("required", 1)
    }
    assert not [one for one in account.instances() if one.get("KeyName")]
