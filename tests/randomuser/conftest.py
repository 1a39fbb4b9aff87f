"""The real service on a free port; tests/in-image.sh randomuser runs these tests."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

os.environ["RANDOMUSER_FAULTS"] = "1"
if find_spec("starlette") is None:  # tests/in_image runs them in the image
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    import uvicorn

    from randomuser.app import app

    # not 127.0.0.1: a request from there counts as the health check and gets no fault
    host = socket.gethostbyname(socket.gethostname())
    server = uvicorn.Server(uvicorn.Config(app, host=host, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://{host}:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()
