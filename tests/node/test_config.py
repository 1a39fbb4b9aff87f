"""The file that user-data writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from node.config import load

TEXT = """NODE=connect
PROJECT=demo
REGION=eu-central-1
BUCKET=demo-artifacts
COMPOSE_KEY=nodes/connect/connect.json
LOG_GROUP=/demo/nodes
VOLUME=
PROGRAM_KEY=program/current.json
"""


def test_reads_the_file() -> None:
    config = load(TEXT, {})
    assert (config.node, config.volume, config.disk_timeout_s) == ("connect", "", 120)
    assert config.secrets == Path("/run/riada/secrets")
    assert config.artifacts == Path("/var/lib/docker/volumes/demo-artifacts/_data")


def test_environment_sets_the_times() -> None:
    config = load(TEXT, {"FOLLOW_S": "0", "DISK_TIMEOUT_S": "1"})
    assert (config.follow_s, config.disk_timeout_s, config.ready_timeout_s) == (0, 1, 50)


def test_missing_name_is_an_error() -> None:
    with pytest.raises(KeyError, match="VOLUME"):
        load(TEXT.replace("VOLUME=", ""), {})
