"""Run the unit tests that need an image's libraries inside that image."""

from __future__ import annotations

import subprocess

import pytest

from cli.host.paths import ROOT

SUITES = {
    "airflow": "tests/dags",
    "spark": "tests/spark",
    "control-center": "tests/control_center",
    "randomuser": "tests/randomuser",
}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("image", SUITES)
def test_suite_passes_inside(image: str) -> None:
    """Every exit code but 0 fails, also 5 (no test collected)."""
    done = subprocess.run(
        ["tests/in-image.sh", image, SUITES[image], "--color=no"],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    print(done.stdout)
    assert done.returncode == 0, f"{SUITES[image]} failed in riada/{image}: see its output"
