"""Run by test_checkpoint.py in LocalStack's image: the metadata service of its machines, for those
who share this container's network. The role's credentials are any, since LocalStack takes any."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone
from typing import Any

from machines import metadata
from machines.account import Instance


class Account:
    region = "eu-central-1"

    def role(self, one: Instance) -> str:
        return "spark-worker"

    def credentials(self, one: Instance) -> dict[str, Any]:
        keys = {"AccessKeyId": "test", "SecretAccessKey": "test", "SessionToken": "session"}
        return {**keys, "Expiration": datetime.now(timezone.utc) + timedelta(hours=1)}


shape = ("m7i.large", 8192, "ami", "", frozenset())
here = Instance("i-0abc", "running", "", metadata.ADDRESS, "vpc-0abc", "a", *shape)
metadata.instances[here.address] = here
metadata.serve(Account())
threading.Event().wait()
