"""The JSON of the Spark master."""

from __future__ import annotations

from control_center.clients.spark_master import Application, MasterState, Worker

JSON = {
    "status": "ALIVE",
    "workers": [
        {
            "host": "spark-worker-1",
            "state": "ALIVE",
            "cores": 3,
            "coresused": 2,
            "memory": 2048,
            "memoryused": 1024,
        }
    ],
    "activeapps": [{"name": "users-abc", "state": "RUNNING", "cores": 2}],
    "activedrivers": [{"id": "driver-1", "state": "RUNNING"}],
}


def test_workers_applications_and_drivers() -> None:
    assert MasterState.from_json(JSON) == MasterState(
        "ALIVE",
        (Worker("spark-worker-1", "ALIVE", 3, 2, 2048, 1024),),
        (Application("users-abc", "RUNNING", 2),),
        {"driver-1": "RUNNING"},
    )
