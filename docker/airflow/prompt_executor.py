"""LocalExecutor that does not wait for running tasks when its scheduler ends."""

from __future__ import annotations

from airflow.executors.local_executor import LocalExecutor


class PromptExecutor(LocalExecutor):
    """The tasks here loop for minutes. A scheduler that lost the metadatabase would wait until they
    end, and would schedule nothing meanwhile. Instead the tasks end with the container, and run
    again when it restarts.
    """

    def end(self) -> None:
        for worker in self.workers.values():
            worker.kill()
            worker.join()
        self.activity_queue.close()
        self.result_queue.close()
