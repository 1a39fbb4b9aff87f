"""EC2's metadata service, for whoever has an instance's address. It insists on a token (IMDSv2)."""

from __future__ import annotations

import json
import secrets
import subprocess
import threading
import time
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from machines.account import Account, Instance

ADDRESS = "169.254.169.254"
TTL = "X-aws-ec2-metadata-token-ttl-seconds"
MOST_TTL_S = 21600

instances: dict[str, Instance] = {}
"""By address; __main__ renews it."""

Tree = dict[str, Any]


def tree(account: Account, one: Instance) -> Tree:
    """The paths below a version's root; a function is asked only when its path is."""
    host = f"ip-{one.address.replace('.', '-')}.{account.region}.compute.internal"
    role = account.role(one)
    return {
        "user-data": lambda: account.user_data(one),
        "meta-data": {
            "ami-id": one.image,
            "hostname": host,
            "instance-id": one.name,
            "instance-type": one.type,
            "local-hostname": host,
            "local-ipv4": one.address,
            "placement": {"availability-zone": one.zone, "region": account.region},
            "iam": {"security-credentials": {role: lambda: credentials(account, one)}},
        },
        "dynamic": {
            "instance-identity": {
                "document": json.dumps(
                    {
                        "availabilityZone": one.zone,
                        "imageId": one.image,
                        "instanceId": one.name,
                        "instanceType": one.type,
                        "privateIp": one.address,
                        "region": account.region,
                    }
                )
            }
        },
    }


def credentials(account: Account, one: Instance) -> str:
    made = account.credentials(one)
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
    tokens: ClassVar[dict[str, tuple[str, float]]] = {}
    """Token → whose it is, and until when."""

    def do_PUT(self) -> None:
        ttl = self.headers.get(TTL, "")
        if self.path != "/latest/api/token" or not ttl.isdigit() or int(ttl) > MOST_TTL_S:
            return self.tell(400)
        token = secrets.token_urlsafe(32)
        self.tokens[token] = (self.client_address[0], time.monotonic() + int(ttl))
        return self.tell(200, token.encode(), ttl)

    def do_GET(self) -> None:
        address = self.client_address[0]
        of, until = self.tokens.get(self.headers.get("X-aws-ec2-metadata-token", ""), ("", 0.0))
        if of != address or time.monotonic() > until:
            return self.tell(401)
        if address not in instances:
            return self.tell(404)
        found: Any = tree(self.account, instances[address])
        for part in filter(None, self.path.split("/")[2:]):
            if not isinstance(found, dict) or part not in found:
                return self.tell(404)
            found = found[part]
        if isinstance(found, dict):
            found = "\n".join(
                f"{name}/" if isinstance(below, dict) else name for name, below in found.items()
            )
        elif callable(found):
            found = found()
        return self.tell(200, found if isinstance(found, bytes) else found.encode())

    def tell(self, status: int, body: bytes = b"", ttl: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if ttl:
            self.send_header(TTL, ttl)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing: machines ask all the time."""


def serve(account: Account) -> None:
    subprocess.run(["ip", "address", "replace", f"{ADDRESS}/32", "dev", "lo"], check=True)
    Metadata.account = account
    server = ThreadingHTTPServer((ADDRESS, 80), Metadata)
    threading.Thread(target=server.serve_forever, daemon=True).start()
