"""Sizes of files and folders: small files, few entries at the top of a package."""

from __future__ import annotations

from statistics import median

import pytest

from cli.host.paths import ROOT
from tests.lint.tools import python_files, tracked

LONGEST = 300  # lines of a Python file
NOT_DIVIDED_YET = ("tests/control_center/health/probes/test_probes.py",)
MEDIAN = 100
ENTRIES = 8
PACKAGES = ("backup", "capture", "cli", "contract", "control_center", "dags", "localstack", "node",
            "randomuser", "spark", "tests")  # fmt: skip
TOP = ("backup", "capture", "cli", "contract", "control_center", "node", "spark/riada_stream")


def _lines(name: str) -> int:
    return len((ROOT / name).read_text().splitlines())


def test_no_python_file_is_long() -> None:
    lengths = {name: _lines(name) for name in python_files()}
    assert lengths
    lengths = {name: length for name, length in lengths.items() if name not in NOT_DIVIDED_YET}
    too_long = {name: length for name, length in lengths.items() if length > LONGEST}
    assert not too_long, f"more than {LONGEST} lines: {too_long}"


@pytest.mark.parametrize("package", PACKAGES)
def test_files_are_small(package: str) -> None:
    lengths = [_lines(name) for name in tracked(f"{package}/*.py")]
    assert median(length for length in lengths if length) <= MEDIAN


@pytest.mark.parametrize("package", TOP)
def test_the_top_of_a_package_is_read_at_a_glance(package: str) -> None:
    entries = {name.removeprefix(f"{package}/").split("/")[0] for name in tracked(f"{package}/*")}
    entries -= {"__init__.py", "__main__.py"}
    assert 0 < len(entries) <= ENTRIES, sorted(entries)
