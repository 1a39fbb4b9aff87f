"""One Spark session for all tests of the streaming job, which tests/in-image.sh spark runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

if find_spec("pyspark") is None:  # tests/in_image runs them in the image
    collect_ignore_glob = ["test_*.py", "*/test_*.py"]

sys.path.insert(0, str(Path(__file__).parents[2] / "spark"))


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    from pyspark.sql import SparkSession
    from riada_stream.driver.session import TABLES

    builder = SparkSession.builder
    for name, setting in TABLES.items():
        builder = builder.config(name, setting)
    session = (
        builder.master("local[1]")
        .config("spark.ui.enabled", False)
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    yield session
    session.stop()
