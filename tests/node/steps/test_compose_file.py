"""Images, secrets and variables of a compose file, and the key of an image in the bucket."""

from __future__ import annotations

import json
from pathlib import Path

from cli.commands import upload
from node.steps.compose_file import environments, image_key, parse

SECRETS = Path("/run/riada/secrets")


def service(image: str, *sources: str) -> dict[str, object]:
    return {"image": image, "volumes": [{"source": source} for source in sources]}


def test_names_images_and_secrets_once_and_nothing_else() -> None:
    services = {
        "b": service("riada/b:2", f"{SECRETS}/y", "riada-artifacts", "/run/riada/secretsx/z"),
        "a": service("riada/a:1", f"{SECRETS}/y", f"{SECRETS}/x"),
        "c": service("riada/b:2"),
    }
    compose = parse(json.dumps({"services": services}), SECRETS)
    assert compose.images == ("riada/a:1", "riada/b:2")
    assert compose.secrets == ("x", "y")


def test_environment_of_a_container() -> None:
    """Compose takes $$ for $, and null for the machine's own value."""
    services = {
        "a": {"container_name": "riada-a", "environment": {"PRICE": "1 $$", "HTTP_PROXY": None}}
    }
    text = json.dumps({"services": services})
    assert environments(text) == {"riada-a": {"PRICE": "1 $"}}


def test_upload_writes_the_key_that_a_node_reads() -> None:
    assert image_key("riada/kafka:1f0c") == "images/riada-kafka-1f0c.tar.gz"
    assert upload.image_key("riada/kafka:1f0c") == image_key("riada/kafka:1f0c")
