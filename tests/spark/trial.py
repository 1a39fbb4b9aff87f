"""A message that kills its executor becomes a dead letter, and the others become rows.

The executors are real (tests/spark/lethal.py). They need a process of their own, since a process
has one Spark session.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.spark.lethal import AT, COUNT

# Otherwise Spark's worker would use a folder of the image, which is read-only.
SUBMIT = {
    "PYSPARK_SUBMIT_ARGS": "--driver-java-options '-Dspark.testing=true -Dspark.test.home="
    f"{os.environ.get('SPARK_HOME')}' pyspark-shell"
}


@pytest.mark.timeout(600)
def test_a_lethal_message_is_isolated_and_the_others_are_written(tmp_path: Path) -> None:
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
