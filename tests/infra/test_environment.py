"""Every setting of a record is read in its container: no setting is without effect."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.infra.conftest import ROOT
from tests.infra.environment import variables

# Image → folders whose code runs in it but is deployed, not built in.
DEPLOYED = {"airflow": ["dags", "tables"], "spark": ["spark"]}
# Variables that foreign programs read: Airflow and Go's runtime.
READ_BY_OTHERS = ("AIRFLOW__", "GOMEMLIMIT")


def sources(image: str) -> Iterator[Path]:
    """Files that an image is made of or runs, and wait-for, which is in every image."""
    yield ROOT / "docker/base/wait-for"
    first = (ROOT / f"docker/{image}/Dockerfile").read_text().splitlines()[0]
    for folder in (*first.removeprefix("# inputs:").split(), *DEPLOYED.get(image, [])):
        path = ROOT / folder
        yield from (
            [path] if path.is_file() else (file for file in path.rglob("*") if file.is_file())
        )


def test_every_setting_is_read(composed: dict[str, Any]) -> None:
    unread = []
    for name, service in json.loads(composed["compose"])["services"].items():
        image = service["image"].removeprefix("riada/").split(":")[0]
        read = set().union(*map(variables, sources(image)))
        settings = [key for key in service["environment"] if not key.startswith(READ_BY_OTHERS)]
        unread += [f"{name}: {key}" for key in settings if key not in read]
    assert not unread


@pytest.mark.parametrize(
    ("name", "text", "read"),
    [
        (
            "run",
            "#!/bin/bash\necho $HEAP ${ZONE:-a} ${!LIST} # $COMMENT\n",
            {"HEAP", "ZONE", "LIST"},
        ),
        ("run", "#!/bin/bash\n# HEAP: see $ZONE\nHEAP=1 exec java\n", set()),
        ("a.py", '"""HEAP is read."""\n# environ["ZONE"]\nx = "HEAP"\n', set()),
        ("a.py", "import os\na = os.environ['A']\nb = os.environ.get('B', '')\n", {"A", "B"}),
        ("a.py", "class S(BaseSettings):\n    kafka_bootstrap: str = ''\n", {"KAFKA_BOOTSTRAP"}),
        ("c.jq", "{url: env.URL, zone: $ENV.ZONE}\n", {"URL", "ZONE"}),
        ("log.xml", "<level>${env:LEVEL}</level>\n", {"LEVEL"}),
        ("A.java", '// getenv(A)\nSystem.getenv("B");\n', {"B"}),
    ],
)
def test_only_code_reads(tmp_path: Path, name: str, text: str, read: set[str]) -> None:
    file = tmp_path / name
    file.write_text(text)
    assert variables(file) == read
