"""LocalExecutor that does not wait for running tasks when its scheduler ends."""

from __future__ import annotations

from airflow.executors.local_executor import LocalExecutor


class PromptExecutor(LocalExecutor):
    """Tasks here loop for minutes, and a scheduler that lost the metadatabase would wait for them
    to end, scheduling nothing. They die with the container instead, and run again at its restart.
    """

    def end(self) -> None:
        for worker in self.workers.values():
            worker.kill()
            worker.join()
        self.activity_queue.close()
        self.result_queue.close()
