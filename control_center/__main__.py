"""Serves the API: python -m control_center."""

from __future__ import annotations

import os

import uvicorn

from control_center.api.app import build
from control_center.engines import Engines


def main() -> None:
    engines = Engines()
    uvicorn.run(
        build(engines, engines.settings.secret("control-center-token")),
        host=os.environ.get("HOST", "0.0.0.0"),
        port=int(os.environ.get("PORT", "9021")),
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main()
