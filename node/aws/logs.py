"""CloudWatch Logs."""

from __future__ import annotations

import time

from node.aws.client import Aws
from node.errors import AwsError


def append(aws: Aws, group: str, stream: str, message: str) -> None:
    """Append to a log stream, which is created if it does not exist. Raises AwsError."""
    names = {"logGroupName": group, "logStreamName": stream}
    try:
        aws.call("logs", "Logs_20140328.CreateLogStream", names)
    except AwsError as error:
        if error.status != 400:  # 400: it exists already
            raise
    event = {"timestamp": int(time.time() * 1000), "message": message}
    aws.call("logs", "Logs_20140328.PutLogEvents", {**names, "logEvents": [event]})
