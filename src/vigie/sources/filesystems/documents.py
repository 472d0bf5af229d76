"""The JSON documents that describe an image: indexes, manifests, configurations.

Sources: OCI image specification 1.1, "Image Index", "Image Manifest", "Image Configuration";
Docker "Image Manifest Version 2, Schema 2"; `docker save`'s manifest.json.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from vigie.model.errors import UserError
from vigie.model.text import T

OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIGS = frozenset({
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
    "",
})  # fmt: skip

_DIGEST = re.compile(r"(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})\Z")


class PlatformRecord(msgspec.Struct):
    """For which machine something is, in Go's words."""

    os: str = ""
    architecture: str = ""
    variant: str = ""


class Descriptor(msgspec.Struct):
    """Points at a blob by its digest."""

    digest: str = ""
    mediaType: str = ""  # noqa: N815 - the specification's own name
    size: int = -1
    platform: PlatformRecord | None = None
    annotations: dict[str, str] | None = None


class Manifest(msgspec.Struct):
    """An image manifest or an index; which of them, `is_index` says."""

    mediaType: str = ""  # noqa: N815
    schemaVersion: int = 0  # noqa: N815
    config: Descriptor | None = None
    layers: list[Descriptor] | None = None
    manifests: list[Descriptor] | None = None

    @property
    def is_index(self) -> bool:
        return self.manifests is not None


class SavedImage(msgspec.Struct):
    """One image of `docker save`'s manifest.json; `Config` and `Layers` name files beside it."""

    Config: str = ""
    RepoTags: list[str] | None = None
    Layers: list[str] | None = None


Document = TypeVar("Document")


def decode(data: bytes, type_: type[Document], name: str) -> Document:
    """Decode a document. Raises UserError that names it when it is not of that form."""
    try:
        return msgspec.json.decode(data, type=type_)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise UserError(
            T("{name} of the image cannot be read: {why}", name=name, why=str(error)),
            T("Make it again with docker save or skopeo copy."),
        ) from None


def decode_manifest(data: bytes, name: str) -> Manifest:
    """A manifest or an index. Raises UserError for what is neither, or could be both."""
    manifest = decode(data, Manifest, name)
    if manifest.is_index and (manifest.layers is not None or manifest.config is not None):
        # Two programs would see two images in it (CVE-2021-41190).
        raise UserError(
            T("{name} of the image says two things at once: an index and a manifest", name=name),
            T("Do not run this image; ask who made it."),
        )
    if not manifest.is_index and manifest.config is None:
        if manifest.schemaVersion == 1:
            raise UserError(
                T("the image is of Docker's first form, which is no longer used"),
                T("Pull it with a current Docker and push it again."),
            )
        raise UserError(
            T("{name} of the image has no configuration", name=name),
            T("Make it again with docker save or skopeo copy."),
        )
    return manifest


def decode_config(data: bytes) -> Mapping[str, Any]:
    """The image configuration. Raises UserError for what is no JSON object."""
    return decode(data, dict[str, Any], "config")


def is_digest(text: str) -> bool:
    """True for a digest of an algorithm that can be checked."""
    return _DIGEST.match(text) is not None


def check_digest(digest: str, what: str) -> str:
    """The digest itself. Raises UserError when it is none."""
    if not is_digest(digest):
        raise UserError(
            T("{what} of the image has no valid digest: {digest}", what=what, digest=digest[:100]),
            T("Make it again with docker save or skopeo copy."),
        )
    return digest


def digest_of(data: bytes, like: str = "sha256:") -> str:
    """The digest of `data` by the algorithm of the digest `like`."""
    algorithm = like.partition(":")[0]
    return f"{algorithm}:{hashlib.new(algorithm, data).hexdigest()}"


def diff_ids(config: Mapping[str, Any]) -> tuple[str, ...]:
    """The digests of the uncompressed layers, lowest first; () when it does not list them."""
    rootfs = config.get("rootfs")
    listed = rootfs.get("diff_ids") if isinstance(rootfs, dict) else None
    if not isinstance(listed, list) or not all(isinstance(x, str) and is_digest(x) for x in listed):
        return ()
    return tuple(listed)
