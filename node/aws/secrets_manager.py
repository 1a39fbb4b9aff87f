"""Secrets Manager."""

from __future__ import annotations

import json

from node.aws.client import Aws


class SecretsManager:
    def __init__(self, aws: Aws) -> None:
        self._aws = aws

    def secret(self, name: str) -> str:
        """A secret's value, e.g. of "riada/postgres-ingest". Raises AwsError."""
        parameters = {"SecretId": name}
        answer = self._aws.call("secretsmanager", "secretsmanager.GetSecretValue", parameters)
        return str(json.loads(answer)["SecretString"])
