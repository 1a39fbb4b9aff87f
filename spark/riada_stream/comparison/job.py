"""A comparison in a thread: its Spark jobs are one group, which can be cancelled and counted."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from threading import Thread

from pyspark.sql import SparkSession

from contract.jobs.spark_comparison import ComparisonFailure, ComparisonRequest, ComparisonResult
from contract.table.table import Table
from riada_stream.comparison.modules import ship_modules
from riada_stream.comparison.run import run
from riada_stream.runtime.log import root_cause
from riada_stream.settings import Settings

log = logging.getLogger(__name__)

# The pools of the tables and this one share the cores (driver/session.py).
POOL, POOL_NAME = "spark.scheduler.pool", "comparison"


class Job(Thread):
    """Implements `service.Running`; starts at once."""

    def __init__(
        self,
        spark: SparkSession,
        settings: Settings,
        tables: Callable[[], Mapping[str, Table]],
        request: ComparisonRequest,
    ) -> None:
        super().__init__(name=f"comparison {request.table}", daemon=True)
        self._spark, self._settings = spark, settings
        self._tables, self._request = tables, request
        self._group = f"comparison-{request.id}"
        self.answer: ComparisonResult | ComparisonFailure | None = None
        self.start()

    def run(self) -> None:
        request, context = self._request, self._spark.sparkContext
        table = self._tables().get(request.table)
        if table is None:
            self.answer = ComparisonFailure(request.id, f"has no table {request.table}")
            return
        try:
            ship_modules(context)
            context.setJobGroup(self._group, f"comparison of {table.name}", False)
            context.setLocalProperty(POOL, POOL_NAME)
            self.answer = run(self._spark, self._settings, table, request)
        except Exception as error:
            if self._spark.sparkContext._jsc is None or self._is_stopped():
                return  # the next driver takes the request up
            log.error("comparison of %s: %s", table.name, error)
            cause = f"cannot compare {table.name} ({root_cause(error)})"
            self.answer = ComparisonFailure(request.id, cause)

    def progress(self) -> str:
        """How many tasks of the stages that are known have ended."""
        tracker = self._spark.sparkContext.statusTracker()
        ended = total = 0
        for job in tracker.getJobIdsForGroup(self._group):
            info = tracker.getJobInfo(job)
            for stage in info.stageIds if info else ():
                known = tracker.getStageInfo(stage)
                if known is not None:
                    ended += known.numCompletedTasks
                    total += known.numTasks
        return f"{ended} of {total} tasks" if total else "begins"

    def cancel(self) -> None:
        self._spark.sparkContext.cancelJobGroup(self._group)

    def _is_stopped(self) -> bool:
        return bool(self._spark.sparkContext._jsc.sc().isStopped())
