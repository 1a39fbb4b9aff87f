"""The JVM of a driver that exits ends soon (docker/spark/conf/core-site.xml)."""

from __future__ import annotations

from pyspark.sql import SparkSession


def test_the_jvm_waits_only_briefly_for_sparks_shutdown(spark: SparkSession) -> None:
    jvm = spark._jvm
    assert jvm is not None
    seconds = jvm.java.util.concurrent.TimeUnit.SECONDS
    configuration = jvm.org.apache.hadoop.conf.Configuration()
    limit_s = configuration.getTimeDuration("hadoop.service.shutdown.timeout", 30, seconds)
    assert limit_s == 5, "a driver that exits is started again after its JVM has ended"
