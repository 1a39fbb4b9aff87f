"""test_checkpoint.py runs this in LocalStack's image: the metadata service of its machines, for
containers that share this container's network. LocalStack accepts any credentials."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone
from typing import Any

from machines.account import Instance
from machines.metadata import ADDRESS, instances, serve


class Account:
    region: str = "eu-central-1"

    def role(self, instance: Instance) -> str:
        return "spark-worker"

    def user_data(self, instance: Instance) -> bytes:
        return b""

    def credentials(self, instance: Instance) -> dict[str, Any]:
        keys = {"AccessKeyId": "test", "SecretAccessKey": "test", "SessionToken": "session"}
        return {**keys, "Expiration": datetime.now(timezone.utc) + timedelta(hours=1)}


instance = Instance(
    name="i-0abc",
    state="running",
    rebooted="",
    address=ADDRESS,
    vpc="vpc-0abc",
    zone="a",
    type="m7i.large",
    memory_mib=8192,
    image="ami",
    profile="",
    groups=frozenset(),
)
instances[instance.address] = instance
serve(Account())
threading.Event().wait()
