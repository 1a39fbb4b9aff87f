"""Messages and metrics of the node in CloudWatch."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from node.aws import logs
from node.aws.client import Aws


class CloudWatch:
    """Messages and metrics of one node. Each method raises AwsError."""

    def __init__(self, aws: Aws, namespace: str, log_group: str, node: str) -> None:
        self._aws = aws
        self._namespace = namespace
        self._log_group = log_group
        self._node = node

    def log(self, message: str) -> None:
        """Append to the node's log stream."""
        logs.append(self._aws, self._log_group, self._node, message)

    def measure(self, metrics: Mapping[str, tuple[float, str]], shared: bool = False) -> None:
        """Put metrics: name → (value, unit), with the node as dimension.

        `shared`: without a dimension, so that one alarm sees the values of all nodes.
        """
        form = {"Action": "PutMetricData", "Version": "2010-08-01", "Namespace": self._namespace}
        for number, (name, (value, unit)) in enumerate(metrics.items(), 1):
            member = f"MetricData.member.{number}"
            form |= {
                f"{member}.MetricName": name,
                f"{member}.Value": f"{value:g}",
                f"{member}.Unit": unit,
            }
            if not shared:
                form |= {
                    f"{member}.Dimensions.member.1.Name": "Node",
                    f"{member}.Dimensions.member.1.Value": self._node,
                }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        with self._aws.request("monitoring", body=urlencode(form).encode(), headers=headers):
            pass
