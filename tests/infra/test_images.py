"""infra/modules/images and docker/build.sh give every image the same tag."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from tests.infra.conftest import ROOT


def test_terraform_and_build_agree_on_tags(composed: dict[str, Any]) -> None:
    printed = subprocess.run(
        [ROOT / "docker/build.sh", "--tags"], capture_output=True, text=True, check=True
    )
    assert composed["images"] == json.loads(printed.stdout)
