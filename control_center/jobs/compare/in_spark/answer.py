"""Asks the streaming driver for a comparison, and waits for its result."""

from __future__ import annotations

import time

from contract.errors import UnreachableError
from contract.jobs.spark_comparison import (
    REPEAT_S,
    ComparisonFailure,
    ComparisonProgress,
    ComparisonRequest,
    ComparisonResult,
    RecordKind,
)
from control_center.jobs import job_protocol
from control_center.jobs.compare.in_spark.channel import Channel
from control_center.jobs.compare.reconcile import Clock

COMPONENT = "spark-master"
# A driver tells every 4 s that it runs. Spark's master needs a minute to start a driver whose
# worker has died.
NO_DRIVER_S = 60.0
SILENCE_S = 180.0
SILENT_S = 15.0
REMEDY = "make status names what is wrong with it"


def answer(channel: Channel, request: ComparisonRequest, clock: Clock = time) -> ComparisonResult:
    """Repeats the request until the answer comes, and cancels it if this process stops before.
    Raises UnreachableError."""
    heard_at, asked_at = clock.monotonic(), float("-inf")
    is_known = has_result = is_silent = False
    try:
        while True:
            now = clock.monotonic()
            if now - asked_at >= REPEAT_S:
                channel.ask(request)
                asked_at = now
            for received in channel.poll():
                if received.id != request.id:
                    continue
                heard_at, is_known, is_silent = clock.monotonic(), True, False
                if isinstance(received, ComparisonProgress):
                    job_protocol.progress(f"Spark compares all rows: {received.text}")
                    continue
                has_result = True
                if isinstance(received, ComparisonFailure):
                    raise UnreachableError(COMPONENT, f"the streaming driver {received.cause}")
                return received
            silence_s = clock.monotonic() - heard_at
            if silence_s > (SILENCE_S if is_known else NO_DRIVER_S):
                cause = f"no streaming driver has answered for {silence_s:.0f} s"
                raise UnreachableError(COMPONENT, cause, REMEDY)
            if silence_s > SILENT_S and not is_silent:
                is_silent = True
                job_protocol.progress("the streaming driver does not answer: the request waits")
    finally:
        if not has_result:
            channel.ask(request, RecordKind.CANCEL)
