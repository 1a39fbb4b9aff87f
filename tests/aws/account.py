"""Resources of an AWS account, read by boto3."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

import boto3

from cli.dev.localstack import REGION

# Kind → call, key of its list, key of a resource's name, and whether a resource is the user's own.
LISTS: dict[str, tuple[str, str, str, Callable[[dict[str, Any]], bool]]] = {
    "vpc": ("ec2.describe_vpcs", "Vpcs", "VpcId", lambda vpc: not vpc["IsDefault"]),
    "subnet": (
        "ec2.describe_subnets",
        "Subnets",
        "SubnetId",
        lambda subnet: not subnet["DefaultForAz"],
    ),
    "route table": ("ec2.describe_route_tables", "RouteTables", "RouteTableId", bool),
    "DHCP options": ("ec2.describe_dhcp_options", "DhcpOptions", "DhcpOptionsId", bool),
    "endpoint": (
        "ec2.describe_vpc_endpoints",
        "VpcEndpoints",
        "VpcEndpointId",
        lambda endpoint: endpoint["State"] != "deleted",
    ),
    "interface": (
        "ec2.describe_network_interfaces",
        "NetworkInterfaces",
        "NetworkInterfaceId",
        bool,
    ),
    "flow log": ("ec2.describe_flow_logs", "FlowLogs", "FlowLogId", bool),
    "group": ("ec2.describe_security_groups", "SecurityGroups", "GroupId", bool),
    "rule": (
        "ec2.describe_security_group_rules",
        "SecurityGroupRules",
        "SecurityGroupRuleId",
        bool,
    ),
    "volume": ("ec2.describe_volumes", "Volumes", "VolumeId", bool),
    "snapshot": ("ec2.describe_snapshots", "Snapshots", "SnapshotId", bool),
    "role": ("iam.list_roles", "Roles", "RoleName", bool),
    "profile": ("iam.list_instance_profiles", "InstanceProfiles", "InstanceProfileName", bool),
    "bucket": ("s3.list_buckets", "Buckets", "Name", bool),
    "secret": ("secretsmanager.list_secrets", "SecretList", "Name", bool),
    "alias": (
        "kms.list_aliases",
        "Aliases",
        "AliasName",
        lambda alias: "aws/" not in alias["AliasName"],
    ),
    "log group": ("logs.describe_log_groups", "logGroups", "logGroupName", bool),
    "alarm": ("cloudwatch.describe_alarms", "MetricAlarms", "AlarmName", bool),
    "topic": ("sns.list_topics", "Topics", "TopicArn", bool),
    "zone": ("route53.list_hosted_zones", "HostedZones", "Id", bool),
}


class Account:
    def __init__(self, endpoint: str) -> None:
        self._session = boto3.Session("test", "test", region_name=REGION)
        self._endpoint = endpoint

    def client(self, service: str) -> Any:
        return self._session.client(service, endpoint_url=self._endpoint)

    def resources(self) -> set[str]:
        """ "kind name" of every resource."""
        return set(self._resources())

    def _resources(self) -> Iterator[str]:
        for kind, (call, key, name, own) in LISTS.items():
            service, _, method = call.partition(".")
            client = self.client(service)
            pages = (
                client.get_paginator(method).paginate()
                if client.can_paginate(method)
                else [getattr(client, method)()]
            )
            for page in pages:
                yield from (f"{kind} {entry[name]}" for entry in page[key] if own(entry))
        yield from (f"instance {instance['InstanceId']}" for instance in self.instances())
        kms = self.client("kms")
        for key in kms.list_keys()["Keys"]:
            if kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] != "PendingDeletion":
                yield f"key {key['KeyId']}"

    def instances(self) -> list[dict[str, Any]]:
        """Instances that are not terminated."""
        pages = self.client("ec2").get_paginator("describe_instances").paginate()
        return [
            instance
            for page in pages
            for reservation in page["Reservations"]
            for instance in reservation["Instances"]
            if instance["State"]["Name"] != "terminated"
        ]

    def user_data(self, instance: str) -> str:
        """User-data in base64, as EC2 returns it."""
        parameters = {"InstanceId": instance, "Attribute": "userData"}
        answer = self.client("ec2").describe_instance_attribute(**parameters)
        return str(answer["UserData"]["Value"])

    def node_user_data(self, node: str) -> str:
        """User-data of the node's instance, as text."""
        name = {"Key": "Name", "Value": f"riada-{node}"}
        [instance] = [each["InstanceId"] for each in self.instances() if name in each["Tags"]]
        return base64.b64decode(self.user_data(instance)).decode()

    def bucket(self) -> str:
        """Name of the artifacts bucket."""
        [name] = [
            bucket["Name"]
            for bucket in self.client("s3").list_buckets()["Buckets"]
            if "-artifacts-" in bucket["Name"]
        ]
        return str(name)

    def rules(self) -> list[dict[str, Any]]:
        """Rules of all security groups except the default ones."""
        ec2 = self.client("ec2")
        groups = {
            group["GroupId"]: group["GroupName"]
            for page in ec2.get_paginator("describe_security_groups").paginate()
            for group in page["SecurityGroups"]
            if group["GroupName"] != "default"
        }
        pages = ec2.get_paginator("describe_security_group_rules").paginate()
        return [
            {
                "group": groups[rule["GroupId"]],
                "peer": groups.get(rule.get("ReferencedGroupInfo", {}).get("GroupId"), ""),
                **rule,
            }
            for page in pages
            for rule in page["SecurityGroupRules"]
            if rule["GroupId"] in groups
        ]
