"""Tasks in Python find the modules as on an executor: in the file that Spark sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture(autouse=True)
def shipped_modules(spark: SparkSession) -> None:
    from riada_stream.comparison.modules import ship_modules

    ship_modules(spark.sparkContext)
