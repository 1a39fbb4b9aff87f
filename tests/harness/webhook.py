"""A receiver of alerts on the platform's network, at tests.harness.settings.WEBHOOK."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from cli.host import docker
from tests.harness.platform import Platform
from tests.harness.settings import WEBHOOK

SERVER = """
import http.server, sys

class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        ours = self.headers["Authorization"] == f"Bearer {sys.argv[1]}"
        self.send_response(200 if ours else 401)
        self.end_headers()
        print(body.strip() if ours else "{}", flush=True)

    def log_message(self, *_): pass

http.server.HTTPServer(("", int(sys.argv[2])), Receiver).serve_forever()
"""


class Webhook:
    def __init__(self, container: str) -> None:
        self._container = container

    def firing(self) -> set[str]:
        """Alerts that fire, by the last call about each. Calls without our token do not count."""
        calls = [json.loads(line) for line in docker.ask("logs", self._container).splitlines()]
        alerts = [alert for call in calls for alert in call.get("alerts", [])]
        last = {alert["fingerprint"]: alert for alert in alerts}
        return {
            alert["labels"]["alertname"] for alert in last.values() if alert["status"] == "firing"
        }


@contextmanager
def receiver(platform: Platform) -> Iterator[Webhook]:
    """Run a receiver for the duration of the block."""
    project, name = platform.installation.project, f"{platform.installation.project}-test-webhook"
    image = docker.inspect(platform.container("control-center"))[0]["Config"]["Image"]
    address, token = urlsplit(WEBHOOK), platform.installation.secret("alert-webhook")
    network = ("--network", project, "--network-alias", str(address.hostname))
    docker.ask(
        *("run", "-d", "--name", name, *network, "--entrypoint", "python3", image),
        *("-c", SERVER, token, str(address.port)),
    )
    try:
        yield Webhook(name)
    finally:
        docker.remove("container", name)
