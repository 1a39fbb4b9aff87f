"""A neighbour without the secrets of Spark gets nothing from the platform's master, worker, driver
and executors but their pages."""

from __future__ import annotations

from tests.harness import spark_rpc
from tests.harness.platform import Platform
from tests.harness.wait import eventually

NEIGHBOUR = "connect"
SUBMIT = "https://spark-master:6066/drivers/0123456789ab/0123456789ab"


def test_every_port_of_spark_asks_for_the_secret(platform: Platform) -> None:
    def ports() -> list[int]:
        listening = platform.run_in("spark-worker-1", "bash", "-c", spark_rpc.LISTENING)
        return spark_rpc.rpc_ports(listening)

    eventually(lambda: {7078, 7100, 7200} <= {*ports()}, "driver and executor run", 240)
    for place in [("spark-master", 7077), *(("spark-worker-1", port) for port in ports())]:
        answer = platform.run_in(NEIGHBOUR, *spark_rpc.request(*place))
        assert spark_rpc.REFUSED in answer, place


def test_a_neighbour_submits_nothing(platform: Platform) -> None:
    curl = ("curl", "-sS", "--cacert", "/run/secrets/ca", "-X", "POST")
    answer = platform.run_in(NEIGHBOUR, *curl, SUBMIT, "-H", "Authorization: Bearer guessed")
    assert "a bearer token is needed" in answer
