"""The streaming job: the users topic on Kafka → people.users in Cassandra.

    spark-submit … main.py --release RELEASE

Runs until /artifacts/streaming-release names another release. Then it stops after the running batch
and exits with 0. Any other exit is a failure, and the cluster starts the driver again. Endpoints
and sizes come from the environment: riada_stream/settings.py.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[1]))  # the release, with package `contract`

from riada_stream.driver.job import main

if __name__ == "__main__":
    sys.exit(main())
