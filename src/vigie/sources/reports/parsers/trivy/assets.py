"""What a Trivy report looked at: an image with its digests, a folder, an SBOM, a cluster."""

from __future__ import annotations

import re

from vigie.model.assets import Asset, AssetKind
from vigie.model.identity import layers_digest
from vigie.sources.reports.records import Record
from vigie.sources.reports.tree import Node

_KINDS = {
    "container_image": AssetKind.IMAGE,
    "filesystem": AssetKind.REPOSITORY,
    "repository": AssetKind.REPOSITORY,
    "cyclonedx": AssetKind.SBOM,
    "spdx": AssetKind.SBOM,
    "vm": AssetKind.HOST,
    "aws_account": AssetKind.ACCOUNT,
}

# Trivy writes the target of an image's distribution packages as "NAME (debian 12.7)".
_OS_TARGET = re.compile(r"^(?P<name>.*\S) \((?P<family>[^\s()]+) (?P<version>[^()]+)\)$")


def report_asset(name: str, kind: str, metadata: Record) -> Asset | None:
    """The asset of a schema 2 report; None when the report names none at all."""
    tags = (*metadata.texts("RepoTags"), *metadata.texts("RepoDigests"))
    digests = _digests(metadata)
    known = _KINDS.get(kind, AssetKind.IMAGE if digests else AssetKind.UNKNOWN)
    name = name or next(iter(tags), "") or metadata.text("ImageID")
    if not name and known is AssetKind.UNKNOWN:
        return None
    return Asset(known, name, digests, tags, _distro(metadata))


def legacy_asset(root: Node) -> Asset | None:
    """The image of an old report, told by the target of its distribution packages."""
    for result in root.items():
        found = _OS_TARGET.match(result.text("Target"))
        if found:
            distro = f"{found['family']}-{found['version']}"
            return Asset(AssetKind.IMAGE, found["name"], distro=distro)
    return None


def image_asset(resource: Node) -> Asset | None:
    """The image a Kubernetes resource runs; None when its report was about its manifest.

    `Metadata` is an object, or since 0.50 a list with one object for each image.
    """
    node = resource.get("Metadata")
    value = node.value() if node is not None else None
    entries = [item for item in (value if isinstance(value, list) else [value]) if item]
    metadata = Record(entries[0]) if entries and isinstance(entries[0], dict) else Record({})
    if len(entries) <= 1 and (_digests(metadata) or metadata.texts("RepoTags")):
        return report_asset("", "container_image", metadata)
    for result in resource.items("Results"):
        found = _OS_TARGET.match(result.text("Target"))
        if found:
            distro = f"{found['family']}-{found['version']}"
            return Asset(AssetKind.IMAGE, found["name"], distro=distro)
    return None


def _digests(metadata: Record) -> frozenset[str]:
    digests = {
        f"manifest:{repo.rpartition('@')[2]}"
        for repo in metadata.texts("RepoDigests")
        if "@" in repo
    }
    if metadata.text("ImageID"):
        digests.add(f"config:{metadata.text('ImageID')}")
    layers = metadata.texts("DiffIDs") or metadata.texts("ImageConfig", "rootfs", "diff_ids")
    if layers:
        digests.add(layers_digest(layers))
    return frozenset(digests)


def _distro(metadata: Record) -> str:
    system = metadata.child("OS")
    return "-".join(filter(None, (system.text("Family"), system.text("Name"))))
