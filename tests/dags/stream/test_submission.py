"""The request to the Spark master."""

from __future__ import annotations

from stream.submission import submission


def test_the_driver_is_supervised_and_of_the_job() -> None:
    body = submission("0123456789ab", "job1", {"SPARK_DRIVER_MEMORY": "512m"})
    properties = body["sparkProperties"]
    assert properties["spark.driver.supervise"] == "true"
    assert properties["spark.submit.deployMode"] == "cluster"
    assert properties["spark.driver.memory"] == "512m"
    assert properties["spark.app.name"] == "stream-job1"
    assert body["mainClass"] == "org.apache.spark.deploy.SparkSubmit"
    assert body["appArgs"][-5:] == [
        "/artifacts/jobs/job1/spark/main.py",
        "--release",
        "0123456789ab",
        "--job",
        "job1",
    ]
    # the REST server accepts text values only
    values = body["sparkProperties"] | body["environmentVariables"]
    assert all(isinstance(value, str) for value in values.values())


def test_sizes_come_from_the_environment() -> None:
    assert submission("r", "j", {})["sparkProperties"]["spark.driver.memory"] == "768m"
