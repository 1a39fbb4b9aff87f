"""A message that ends its executor becomes a dead letter; the others are rows.

With real executors (tests/spark/lethal.py), in a process of its own: there is one Spark a process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.spark.lethal import AT, COUNT

# Spark's worker would have its folder in the image else, which is read-only.
SUBMIT = {
    "PYSPARK_SUBMIT_ARGS": "--driver-java-options '-Dspark.testing=true -Dspark.test.home="
    f"{os.environ.get('SPARK_HOME')}' pyspark-shell"
}


@pytest.mark.timeout(600)
def test_is_found_and_the_rest_is_written(tmp_path: Path) -> None:
    script = Path(__file__).with_name("lethal.py")
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), **SUBMIT},
        text=True,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    result = json.loads(done.stdout.splitlines()[-1])
    print(f"lethal message: {result['took_s']} s")
    assert result["unwritable"] == [[2, AT, "its decoding kills the executor"]]
    assert result["written"] == [offset for offset in range(COUNT) if offset != AT]
