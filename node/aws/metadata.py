"""The instance metadata service, version 2: it gives the credentials of the node's role."""

from __future__ import annotations

import json
import urllib.request

from node.aws.sigv4 import Credentials

ENDPOINT = "http://169.254.169.254"
TIMEOUT_S = 5


def credentials(endpoint: str = ENDPOINT) -> Credentials:
    """The role's credentials, which are valid for hours. Raises OSError and KeyError."""
    token = _request(
        f"{endpoint}/latest/api/token", "PUT", {"X-aws-ec2-metadata-token-ttl-seconds": "60"}
    )
    folder = f"{endpoint}/latest/meta-data/iam/security-credentials/"
    header = {"X-aws-ec2-metadata-token": token}
    role = _request(folder, "GET", header)
    answer: dict[str, str] = json.loads(_request(f"{folder}{role}", "GET", header))
    return Credentials(answer["AccessKeyId"], answer["SecretAccessKey"], answer["Token"])


def _request(url: str, method: str, headers: dict[str, str]) -> str:
    request = urllib.request.Request(url, method=method, headers=headers)
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
        return str(response.read().decode())
