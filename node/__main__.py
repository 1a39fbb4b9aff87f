"""Brings this machine to the state that the bucket describes, and reports `ready` or the cause why
it is not: on the console, in CloudWatch's log group, and as metrics.

riada-node.timer runs it at boot and then all the time. Every step first checks whether it is done,
so a first boot, a reboot and a new release take the same path. Between two complete checks it
follows the artifacts, unless a rolling change is at work: then the next check follows at once.
"""

from __future__ import annotations

import os
import sys
import traceback

from node import config as configuration
from node.aws.client import from_environment
from node.aws.cloudwatch import CloudWatch
from node.aws.s3 import S3Bucket
from node.aws.secrets_manager import SecretsManager
from node.config import Config
from node.errors import AwsError, NotReadyError
from node.report import Reporter
from node.steps.artifacts import Artifacts
from node.steps.compose_file import parse
from node.steps.disk import mount_data
from node.steps.engine import await_health, start_containers, start_engine
from node.steps.images import load_images
from node.steps.lease import Lease
from node.steps.packages import install_engine
from node.steps.secret_files import write_secrets
from node.steps.turn import Turn


def main() -> int:
    """Exit status: 0 when the node is ready."""
    config = configuration.load(configuration.CONFIG_FILE.read_text(), os.environ)
    config.run.mkdir(parents=True, exist_ok=True)
    reporter = Reporter(config.node, config.run)
    try:
        bring_up(config, reporter)
    except NotReadyError as error:
        reporter.report(f"not ready: {error}")
        reporter.measure(False, config.data)
        return 1
    except Exception as error:
        traceback.print_exc()
        reporter.report(f"stopped by {type(error).__name__}: {error}. See journalctl -u riada-node")
        return 1
    return 0


def bring_up(config: Config, reporter: Reporter) -> None:
    aws = from_environment(config.region)
    bucket = S3Bucket(aws, config.bucket)
    namespace = f"riada/{config.project}"
    reporter.monitoring = CloudWatch(aws, namespace, config.log_group, config.node)

    mount_data(config, reporter)
    install_engine(config.run, bucket, config.bucket, reporter)
    text = fetch_compose(config, bucket, reporter)
    compose = parse(text, config.secrets)
    write_secrets(config.secrets, compose.secrets, config.project, SecretsManager(aws))
    start_engine(config)
    load_images(compose.images, bucket, config.bucket, reporter)
    turn = Turn(config, Lease(bucket, config.node), reporter)
    waits = turn.begin()
    if not waits:
        start_containers(config)
    publishes = config.node.startswith("spark-worker-")
    artifacts = Artifacts(config.artifacts, config.run, bucket, publishes)
    artifacts.update()
    try:
        await_health(config.ready_timeout_s)
    except NotReadyError as error:
        raise NotReadyError(f"{error}; {waits}" if waits else f"{error}") from error
    waits = waits or turn.end()
    reporter.report(waits or "ready")
    reporter.measure(True, config.data, waits=bool(waits))
    if not waits:
        artifacts.follow(config.follow_s)


def fetch_compose(config: Config, bucket: S3Bucket, reporter: Reporter) -> str:
    """The node's compose file, which is also written to `config.compose`."""
    try:
        content = bucket.read(config.compose_key)
    except AwsError as error:
        raise NotReadyError(f"no {config.compose_key} in {config.bucket}: {error.cause}") from error
    if not config.compose.exists() or config.compose.read_bytes() != content:
        reporter.report("taking the compose file from the bucket")
        draft = config.compose.with_suffix(".draft")
        draft.write_bytes(content)
        draft.replace(config.compose)
    return content.decode()


if __name__ == "__main__":
    sys.exit(main())
