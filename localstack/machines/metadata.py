"""EC2's metadata service, for clients with an instance's address. It requires a token (IMDSv2)."""

from __future__ import annotations

import json
import secrets
import subprocess
import threading
import time
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Protocol

from machines.account import Instance

ADDRESS = "169.254.169.254"
TTL = "X-aws-ec2-metadata-token-ttl-seconds"
MOST_TTL_S = 21600

# Address → instance; __main__ updates it.
instances: dict[str, Instance] = {}

Tree = dict[str, Any]


class Account(Protocol):
    region: str

    def role(self, instance: Instance) -> str:
        """Name of its role."""

    def credentials(self, instance: Instance) -> dict[str, Any]:
        """Credentials of its role, as STS returns them."""

    def user_data(self, instance: Instance) -> bytes: ...


def tree(account: Account, instance: Instance) -> Tree:
    """The paths below the root of a version; a function is called when its path is requested."""
    host = f"ip-{instance.address.replace('.', '-')}.{account.region}.compute.internal"
    role = account.role(instance)
    return {
        "user-data": lambda: account.user_data(instance),
        "meta-data": {
            "ami-id": instance.image,
            "hostname": host,
            "instance-id": instance.name,
            "instance-type": instance.type,
            "local-hostname": host,
            "local-ipv4": instance.address,
            "placement": {"availability-zone": instance.zone, "region": account.region},
            "iam": {"security-credentials": {role: lambda: credentials(account, instance)}},
        },
        "dynamic": {
            "instance-identity": {
                "document": json.dumps(
                    {
                        "availabilityZone": instance.zone,
                        "imageId": instance.image,
                        "instanceId": instance.name,
                        "instanceType": instance.type,
                        "privateIp": instance.address,
                        "region": account.region,
                    }
                )
            }
        },
    }


def credentials(account: Account, instance: Instance) -> str:
    made = account.credentials(instance)
    return json.dumps(
        {
            "Code": "Success",
            "Type": "AWS-HMAC",
            "LastUpdated": f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ}",
            "AccessKeyId": made["AccessKeyId"],
            "SecretAccessKey": made["SecretAccessKey"],
            "Token": made["SessionToken"],
            "Expiration": f"{made['Expiration']:%Y-%m-%dT%H:%M:%SZ}",
        }
    )


class Metadata(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    account: Account
    # Token → address of its instance, end of its validity.
    tokens: ClassVar[dict[str, tuple[str, float]]] = {}

    def do_PUT(self) -> None:
        ttl = self.headers.get(TTL, "")
        if self.path != "/latest/api/token" or not ttl.isdigit() or int(ttl) > MOST_TTL_S:
            return self.answer(400)
        token = secrets.token_urlsafe(32)
        self.tokens[token] = (self.client_address[0], time.monotonic() + int(ttl))
        return self.answer(200, token.encode(), ttl)

    def do_GET(self) -> None:
        address = self.client_address[0]
        of, until = self.tokens.get(self.headers.get("X-aws-ec2-metadata-token", ""), ("", 0.0))
        if of != address or time.monotonic() > until:
            return self.answer(401)
        if address not in instances:
            return self.answer(404)
        value: Any = tree(self.account, instances[address])
        for part in filter(None, self.path.split("/")[2:]):
            if not isinstance(value, dict) or part not in value:
                return self.answer(404)
            value = value[part]
        if isinstance(value, dict):
            value = "\n".join(
                f"{name}/" if isinstance(below, dict) else name for name, below in value.items()
            )
        elif callable(value):
            value = value()
        return self.answer(200, value if isinstance(value, bytes) else value.encode())

    def answer(self, status: int, body: bytes = b"", ttl: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if ttl:
            self.send_header(TTL, ttl)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing: machines send requests all the time."""


def serve(account: Account) -> None:
    subprocess.run(["ip", "address", "replace", f"{ADDRESS}/32", "dev", "lo"], check=True)
    Metadata.account = account
    server = ThreadingHTTPServer((ADDRESS, 80), Metadata)
    threading.Thread(target=server.serve_forever, daemon=True).start()
