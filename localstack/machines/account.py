"""What LocalStack's account holds of machines, volumes and names."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3


@dataclass(frozen=True)
class Instance:
    name: str
    """Its id."""
    state: str
    rebooted: str
    """Changes with every reboot: localstack/main.py."""
    address: str
    vpc: str
    zone: str
    type: str
    memory_mib: int
    image: str
    profile: str
    """Name of its instance profile; "" for none."""
    groups: frozenset[str]
    """Its security groups."""


@dataclass(frozen=True)
class Volume:
    name: str
    gib: int
    instance: str
    """Where it is attached; "" for nowhere."""


@dataclass(frozen=True)
class Vpc:
    name: str
    cidr: str


@dataclass(frozen=True)
class Permission:
    """What a security group lets in or out: TCP, from or to whom, on which ports."""

    first: int
    last: int
    groups: frozenset[str]
    endpoints: bool
    """From or to AWS's services."""


@dataclass(frozen=True)
class Group:
    """A security group."""

    ingress: tuple[Permission, ...]
    egress: tuple[Permission, ...]


class Account:
    """The region and the endpoint are those of the environment."""

    def __init__(self) -> None:
        names = ("ec2", "route53", "iam", "sts")
        self._clients: dict[str, Any] = {name: boto3.client(name) for name in names}
        self.region: str = self._clients["ec2"].meta.region_name

    def instances(self) -> dict[str, Instance]:
        """Those that are not terminated, by id."""
        found = (
            one
            for group in self._all("ec2", "describe_instances", "Reservations")
            for one in group["Instances"]
            if one["State"]["Name"] not in ("terminated", "shutting-down")
        )
        return {
            one["InstanceId"]: Instance(
                name=one["InstanceId"],
                state=one["State"]["Name"],
                rebooted=one.get("StateTransitionReason", ""),
                address=one["PrivateIpAddress"],
                vpc=one["VpcId"],
                zone=one["Placement"]["AvailabilityZone"],
                type=one["InstanceType"],
                memory_mib=self._memory_mib(one["InstanceType"]),
                image=one["ImageId"],
                profile=one.get("IamInstanceProfile", {}).get("Arn", "").rpartition("/")[2],
                groups=frozenset(group["GroupId"] for group in one["SecurityGroups"]),
            )
            for one in found
        }

    @cache  # noqa: B019 # one account as long as this runs
    def _memory_mib(self, instance_type: str) -> int:
        asked = {"InstanceTypes": [instance_type]}
        [told] = self._clients["ec2"].describe_instance_types(**asked)["InstanceTypes"]
        return int(told["MemoryInfo"]["SizeInMiB"])

    def volumes(self) -> dict[str, Volume]:
        """All but the machines' own, by id."""
        return {
            one["VolumeId"]: Volume(
                one["VolumeId"],
                one["Size"],
                next((at["InstanceId"] for at in one["Attachments"]), ""),
            )
            for one in self._all("ec2", "describe_volumes", "Volumes")
            if not any(at["Device"] in ("/dev/xvda", "/dev/sda1") for at in one["Attachments"])
        }

    def vpcs(self) -> list[Vpc]:
        """Those that somebody made."""
        found = self._all("ec2", "describe_vpcs", "Vpcs")
        return [Vpc(one["VpcId"], one["CidrBlock"]) for one in found if not one["IsDefault"]]

    def groups(self) -> dict[str, Group]:
        """By id. An error for what infra/aws does not use and machines do not do."""
        endpoints = {
            group["GroupId"]
            for one in self._all("ec2", "describe_vpc_endpoints", "VpcEndpoints")
            for group in one.get("Groups", [])
        }

        def permission(told: dict[str, Any]) -> Permission:
            others = {pair["GroupId"] for pair in told["UserIdGroupPairs"]}
            if told["IpProtocol"] != "tcp" or told["IpRanges"] or told["Ipv6Ranges"]:
                raise NotImplementedError(f"a security group's rule: {told}")
            services = bool(told["PrefixListIds"] or others & endpoints)
            return Permission(told["FromPort"], told["ToPort"], frozenset(others), services)

        return {
            one["GroupId"]: Group(
                tuple(map(permission, one["IpPermissions"])),
                tuple(map(permission, one["IpPermissionsEgress"])),
            )
            for one in self._all("ec2", "describe_security_groups", "SecurityGroups")
            if one["GroupName"] != "default"
        }

    def domain(self, instance: Instance) -> str:
        """The search domain that the VPC's DHCP tells."""
        ec2 = self._clients["ec2"]
        [vpc] = ec2.describe_vpcs(VpcIds=[instance.vpc])["Vpcs"]
        if vpc["DhcpOptionsId"] != "default":
            [options] = ec2.describe_dhcp_options(DhcpOptionsIds=[vpc["DhcpOptionsId"]])[
                "DhcpOptions"
            ]
            for option in options["DhcpConfigurations"]:
                if option["Key"] == "domain-name":
                    return str(option["Values"][0]["Value"])
        return f"{self.region}.compute.internal"

    def records(self) -> dict[str, list[str]]:
        """Name in a zone → its addresses."""
        zones = self._all("route53", "list_hosted_zones", "HostedZones")
        return {
            record["Name"]: [one["Value"] for one in record["ResourceRecords"]]
            for zone in zones
            for record in self._all(
                "route53",
                "list_resource_record_sets",
                "ResourceRecordSets",
                HostedZoneId=zone["Id"],
            )
            if record["Type"] == "A"
        }

    def user_data(self, instance: Instance) -> bytes:
        asked = {"InstanceId": instance.name, "Attribute": "userData"}
        told = self._clients["ec2"].describe_instance_attribute(**asked)["UserData"]
        return base64.b64decode(told.get("Value", ""))

    def role(self, instance: Instance) -> str:
        """Name of its role; "" for none."""
        if not instance.profile:
            return ""
        asked = {"InstanceProfileName": instance.profile}
        [role] = self._clients["iam"].get_instance_profile(**asked)["InstanceProfile"]["Roles"]
        return str(role["RoleName"])

    def credentials(self, instance: Instance) -> dict[str, Any]:
        """New ones of its role, good for an hour."""
        role = self._clients["iam"].get_role(RoleName=self.role(instance))["Role"]["Arn"]
        asked = {"RoleArn": role, "RoleSessionName": instance.name, "DurationSeconds": 3600}
        made: dict[str, Any] = self._clients["sts"].assume_role(**asked)["Credentials"]
        return made

    def _all(self, service: str, call: str, key: str, **asked: str) -> Iterator[dict[str, Any]]:
        for page in self._clients[service].get_paginator(call).paginate(**asked):
            yield from page[key]
