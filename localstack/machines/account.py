"""Machines, volumes and names of LocalStack's account."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3


@dataclass(frozen=True)
class Instance:
    name: str  # its id
    state: str
    rebooted: str  # changes with every reboot: localstack/server.py
    address: str
    vpc: str
    zone: str
    type: str
    memory_mib: int
    image: str
    profile: str  # name of its instance profile; "" for none
    groups: frozenset[str]  # ids of its security groups


@dataclass(frozen=True)
class Volume:
    name: str
    gib: int
    instance: str  # the instance of the volume; "" for none


@dataclass(frozen=True)
class Vpc:
    name: str
    cidr: str


@dataclass(frozen=True)
class Permission:
    """TCP connections that a security group allows: ports, groups of the other end, and ranges of
    its IPv4 addresses such as 10.0.0.0/8."""

    first: int
    last: int
    groups: frozenset[str]
    endpoints: bool  # true if the rule includes AWS's services
    ranges: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """A security group."""

    ingress: tuple[Permission, ...]
    egress: tuple[Permission, ...]


class Account:
    """Region and endpoint come from the environment."""

    def __init__(self) -> None:
        names = ("ec2", "route53", "iam", "sts")
        self._clients: dict[str, Any] = {name: boto3.client(name) for name in names}
        self.region: str = self._clients["ec2"].meta.region_name

    def instances(self) -> dict[str, Instance]:
        """Instances that are not terminated, by id."""
        instances = (
            instance
            for group in self._all("ec2", "describe_instances", "Reservations")
            for instance in group["Instances"]
            if instance["State"]["Name"] not in ("terminated", "shutting-down")
        )
        return {
            instance["InstanceId"]: Instance(
                name=instance["InstanceId"],
                state=instance["State"]["Name"],
                rebooted=instance.get("StateTransitionReason", ""),
                address=instance["PrivateIpAddress"],
                vpc=instance["VpcId"],
                zone=instance["Placement"]["AvailabilityZone"],
                type=instance["InstanceType"],
                memory_mib=self._memory_mib(instance["InstanceType"]),
                image=instance["ImageId"],
                profile=instance.get("IamInstanceProfile", {}).get("Arn", "").rpartition("/")[2],
                groups=frozenset(group["GroupId"] for group in instance["SecurityGroups"]),
            )
            for instance in instances
        }

    @cache  # noqa: B019 # the process has one account
    def _memory_mib(self, instance_type: str) -> int:
        parameters = {"InstanceTypes": [instance_type]}
        [shape] = self._clients["ec2"].describe_instance_types(**parameters)["InstanceTypes"]
        return int(shape["MemoryInfo"]["SizeInMiB"])

    def volumes(self) -> dict[str, Volume]:
        """Volumes that are not root disks, by id."""
        return {
            volume["VolumeId"]: Volume(
                volume["VolumeId"],
                volume["Size"],
                next((at["InstanceId"] for at in volume["Attachments"]), ""),
            )
            for volume in self._all("ec2", "describe_volumes", "Volumes")
            if not any(at["Device"] in ("/dev/xvda", "/dev/sda1") for at in volume["Attachments"])
        }

    def vpcs(self) -> list[Vpc]:
        """VPCs except the default one."""
        vpcs = self._all("ec2", "describe_vpcs", "Vpcs")
        return [Vpc(vpc["VpcId"], vpc["CidrBlock"]) for vpc in vpcs if not vpc["IsDefault"]]

    def groups(self) -> dict[str, Group]:
        """Security groups by id. Raises NotImplementedError for a rule that machines cannot apply;
        infra/aws has none."""
        endpoints = {
            group["GroupId"]
            for endpoint in self._all("ec2", "describe_vpc_endpoints", "VpcEndpoints")
            for group in endpoint.get("Groups", [])
        }

        def permission(rule: dict[str, Any]) -> Permission:
            others = {pair["GroupId"] for pair in rule["UserIdGroupPairs"]}
            if rule["IpProtocol"] != "tcp" or rule["Ipv6Ranges"]:
                raise NotImplementedError(f"a security group's rule: {rule}")
            services = bool(rule["PrefixListIds"] or others & endpoints)
            ranges = tuple(sorted(item["CidrIp"] for item in rule["IpRanges"]))
            return Permission(rule["FromPort"], rule["ToPort"], frozenset(others), services, ranges)

        return {
            group["GroupId"]: Group(
                tuple(map(permission, group["IpPermissions"])),
                tuple(map(permission, group["IpPermissionsEgress"])),
            )
            for group in self._all("ec2", "describe_security_groups", "SecurityGroups")
            if group["GroupName"] != "default"
        }

    def domain(self, instance: Instance) -> str:
        """The search domain of the VPC's DHCP options."""
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
            record["Name"]: [value["Value"] for value in record["ResourceRecords"]]
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
        parameters = {"InstanceId": instance.name, "Attribute": "userData"}
        answer = self._clients["ec2"].describe_instance_attribute(**parameters)["UserData"]
        return base64.b64decode(answer.get("Value", ""))

    def role(self, instance: Instance) -> str:
        """Name of its role; "" for none."""
        if not instance.profile:
            return ""
        parameters = {"InstanceProfileName": instance.profile}
        [role] = self._clients["iam"].get_instance_profile(**parameters)["InstanceProfile"]["Roles"]
        return str(role["RoleName"])

    def credentials(self, instance: Instance) -> dict[str, Any]:
        """New credentials of its role, valid for an hour."""
        role = self._clients["iam"].get_role(RoleName=self.role(instance))["Role"]["Arn"]
        answer = self._clients["sts"].assume_role(
            RoleArn=role, RoleSessionName=instance.name, DurationSeconds=3600
        )
        credentials: dict[str, Any] = answer["Credentials"]
        return credentials

    def _all(
        self, service: str, call: str, key: str, **parameters: str
    ) -> Iterator[dict[str, Any]]:
        for page in self._clients[service].get_paginator(call).paginate(**parameters):
            yield from page[key]
