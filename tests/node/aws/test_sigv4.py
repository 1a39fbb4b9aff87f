"""Signatures equal those that AWS publishes, and those of botocore, AWS's own client."""

from __future__ import annotations

import hashlib
from datetime import datetime, timezone

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials

from node.aws.sigv4 import Credentials, Scope, authorization, signed_headers

KEYS = Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "")
S3 = Scope("us-east-1", "s3")
HOST = "https://examplebucket.s3.amazonaws.com"


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "signature"),
    [
        (
            "GET",
            "/test.txt",
            {"Range": "bytes=0-9"},
            b"",
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            "PUT",
            "/test%24file.text",
            {
                "Date": "Fri, 24 May 2013 00:00:00 GMT",
                "x-amz-storage-class": "REDUCED_REDUNDANCY",
            },
            b"Welcome to Amazon S3.",
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
    ],
    ids=["get", "put"],
)
def test_published_examples(
    method: str, path: str, headers: dict[str, str], body: bytes, signature: str
) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html"""
    complete = {
        **headers,
        "Host": "examplebucket.s3.amazonaws.com",
        "X-Amz-Date": "20130524T000000Z",
        "X-Amz-Content-Sha256": hashlib.sha256(body).hexdigest(),
    }
    signed = authorization(method, HOST + path, complete, KEYS, S3)
    assert signed.endswith(f"Signature={signature}")


@pytest.mark.parametrize("token", ["", "a session"])
@pytest.mark.parametrize(
    ("service", "url", "headers", "body"),
    [
        ("secretsmanager", "https://aws.test/", {"X-Amz-Target": "x.GetSecretValue"}, b"{}"),
        ("monitoring", "http://localhost:4566/", {"Content-Type": "text/plain"}, b"A=1&B=2"),
    ],
)
def test_equals_botocore(
    service: str, url: str, headers: dict[str, str], body: bytes, token: str
) -> None:
    keys, scope = Credentials("AKID", "secret", token), Scope("eu-central-1", service)
    ours = signed_headers("POST", url, headers, body, keys, scope, datetime.now(timezone.utc))
    theirs = AWSRequest("POST", url, headers | {"Host": ours["Host"]}, body)
    theirs.headers["X-Amz-Content-Sha256"] = ours["X-Amz-Content-Sha256"]
    theirs.context["timestamp"] = ours["X-Amz-Date"]
    signer = SigV4Auth(BotoCredentials("AKID", "secret", token or None), service, "eu-central-1")
    theirs.headers["X-Amz-Date"] = ours["X-Amz-Date"]
    if token:
        theirs.headers["X-Amz-Security-Token"] = token
    text = signer.string_to_sign(theirs, signer.canonical_request(theirs))
    assert ours["Authorization"].endswith(f"Signature={signer.signature(text, theirs)}")
