"""Assets: the things we look after."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AssetKind(StrEnum):
    IMAGE = "image"
    REPOSITORY = "repository"  # a folder of code or a git repository
    HOST = "host"
    ENDPOINT = "endpoint"  # a service that answers at a URL
    ACCOUNT = "account"  # a cloud account
    RESOURCE = "resource"  # something inside a cloud account
    CLUSTER = "cluster"
    SBOM = "sbom"
    UNKNOWN = "unknown"  # the report does not say what it looked at


class Exposure(StrEnum):
    """Who can reach it (SSVC 'System Exposure', CERT/CC)."""

    OPEN = "open"
    CONTROLLED = "controlled"
    SMALL = "small"
    UNKNOWN = "unknown"


class Criticality(StrEnum):
    """What it would cost to lose it."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Asset:
    """One thing that was looked at.

    `name` is how the tool called it ("alpine:3.19", "/src", "https://shop.example").
    `digests` are content identities of an image, each as `"<kind>:<algorithm>:<hex>"` with
    kind `manifest`, `config` or `layers` (`layers` is one digest over the ordered diff ids).
    Two assets that share any digest are the same asset.
    `tags` are further names the report gives it (repository tags, repository digests' names).
    `distro` is an operating system as "debian-12" when the report says it.
    """

    kind: AssetKind
    name: str
    digests: frozenset[str] = frozenset()
    tags: tuple[str, ...] = ()
    distro: str = ""
    exposure: Exposure = Exposure.UNKNOWN
    criticality: Criticality = Criticality.UNKNOWN
