"""The streaming job: the topics of the deployed tables on Kafka → their tables in Cassandra.

    spark-submit … main.py --release RELEASE --job JOB

Runs until the deployed release has another job: another hash of its program. It takes the tables of
the releases that follow each other meanwhile. Then it stops after the running batches and exits
with 0. Any other exit is a failure, and the cluster starts the driver again. Endpoints and sizes
come from the environment: riada_stream/settings.py.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[1]))  # the release, with package `contract`

from riada_stream.driver.job import main

if __name__ == "__main__":
    sys.exit(main())
