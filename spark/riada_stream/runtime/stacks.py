"""The stacks of all threads, for the log of a process that is about to be killed."""

from __future__ import annotations

import sys
import threading
import traceback
from types import FrameType


def thread_stacks() -> str:
    """The Python stack of every thread. A thread that waits for the JVM is in py4j's `readline`."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    return "\n".join(
        _stack(names.get(number, "unknown"), frame)
        for number, frame in sys._current_frames().items()
    )


def _stack(name: str, frame: FrameType) -> str:
    return f"Thread {name}:\n{''.join(traceback.format_stack(frame))}"
