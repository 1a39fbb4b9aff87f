"""Every lock and manifest gets updates: .github/dependabot.yml lists its folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest
import yaml

from cli.host.paths import ROOT
from tests.lint.tools import tracked

MANIFESTS = {
    "pip": ("*requirements.in", "*checkov.in"),
    "maven": ("*pom.xml",),
    "terraform": ("*.terraform.lock.hcl",),
    "gomod": ("*go.mod",),
    "github-actions": (".github/workflows/*.yml",),
}


def _folders(ecosystem: str) -> Iterator[str]:
    for update in yaml.safe_load((ROOT / ".github/dependabot.yml").read_text())["updates"]:
        if update["package-ecosystem"] == ecosystem:
            yield from update["directories"]


@pytest.mark.parametrize("ecosystem", MANIFESTS)
def test_every_manifest_gets_updates(ecosystem: str) -> None:
    manifests = tracked(*MANIFESTS[ecosystem])
    assert manifests
    if ecosystem == "github-actions":
        assert list(_folders(ecosystem)) == ["/"]
        return
    folders = {f"/{PurePosixPath(name).parent}" for name in manifests}
    assert folders <= set(_folders(ecosystem))


def test_images_that_begin_with_a_public_image_get_updates() -> None:
    public = [
        name
        for name in tracked("*Dockerfile")
        if any(line.startswith("FROM debian:") for line in (ROOT / name).read_text().splitlines())
    ]
    assert public
    assert {f"/{PurePosixPath(name).parent}" for name in public} == set(_folders("docker"))
