"""Whatever a record tells its container is read there: no setting ends in nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.infra.conftest import ROOT

RUNS = {"airflow": ["dags"], "spark": ["spark"]}
"""Image → folders whose code runs in it but is deployed, not built in."""


def sources(image: str) -> Iterator[Path]:
    """Files that an image is made of or runs, and wait-for, which is in every image."""
    yield ROOT / "docker/base/wait-for"
    first = (ROOT / f"docker/{image}/Dockerfile").read_text().splitlines()[0]
    for folder in (*first.removeprefix("# inputs:").split(), *RUNS.get(image, [])):
        path = ROOT / folder
        yield from (
            [path] if path.is_file() else (file for file in path.rglob("*") if file.is_file())
        )


def is_read(setting: str, text: str) -> bool:
    """Named other than by an assignment; Airflow reads AIRFLOW__* by itself."""
    return setting.startswith("AIRFLOW__") or bool(re.search(rf"\b{setting}\b(?!=)", text))


def test_every_setting_is_read(composed: dict[str, Any]) -> None:
    unread = []
    for name, service in json.loads(composed["compose"])["services"].items():
        image = service["image"].removeprefix("riada/").split(":")[0]
        text = "\n".join(file.read_text(errors="ignore") for file in sources(image))
        unread += [f"{name}: {key}" for key in service["environment"] if not is_read(key, text)]
    assert not unread
