"""Names of assets: what of a name outlives tags, digests, registries' aliases and checkouts."""

from __future__ import annotations

import re

from vigie.model.assets import Asset, AssetKind

# How scanners are told where an image comes from: "docker:", "registry:" (Syft), "docker://"
# (Skopeo), "docker-image|" (Snyk).
_ARCHIVE = re.compile(r"^(?:docker-archive|oci-archive|oci-dir|docker-dir|oci|archive):(?=\S)")
_TRANSPORT = re.compile(r"^(?:docker-image\||[a-z-]+://)")
_SCHEME = re.compile(r"^(?:oci-registry|registry|docker|podman|containerd|singularity):(.+)$")
_HUB = re.compile(
    r"^(?:(?:index\.|registry-1\.)?docker\.io|registry\.hub\.docker\.com)/(?:library/)?|^library/"
)
_TAG = re.compile(r":[^:/]+$")
_INSIDE = re.compile(r"(:(?!\d+/)[^:/]+)/.*$")  # Snyk: "shop:1.0/project inside the image"
_DIGEST = re.compile(r"^(?:[a-z0-9]+:)?[0-9a-f]{32,}$")
_FILES = (".tar", ".tgz", ".tar.gz", ".tar.zst")
_URL = re.compile(r"^(?:[a-z+]+://(?:[^/@]*@)?|[\w.-]+@(?=[\w.-]+:))", re.IGNORECASE)


def is_file(name: str) -> bool:
    """True for an image archive or a path, which say where it lay and not what it is."""
    name = _ARCHIVE.sub("", name)
    return name.startswith(("/", "./", "../", "~")) or name.endswith(_FILES)


def is_digest(name: str) -> bool:
    """True for a name that is nothing but a content digest, as Clair names images."""
    return bool(_DIGEST.match(name))


def reference(name: str) -> str:
    """An image's reference as a registry would know it, without the scanner's own prefixes."""
    name = _ARCHIVE.sub("", _TRANSPORT.sub("", name.strip()))
    scheme = _SCHEME.match(name)
    # "docker:24" is an image of that name, and "registry:5000/shop" one at a host of that name.
    if scheme and re.search(r"[:/@]", scheme[1]) and not re.match(r"\d+/", scheme[1]):
        name = scheme[1]
    return name if is_file(name) else _HUB.sub("", _INSIDE.sub(r"\1", name))


def full_name(name: str) -> str:
    """An image's reference with its tag: "alpine:latest" for "docker.io/library/alpine"."""
    known = reference(name)
    return known if ":" in known.rpartition("/")[2] or "@" in known else f"{known}:latest"


def stable_name(asset: Asset) -> str:
    """A name that outlives tags, digests and checkouts: "shop" for /build/123/shop."""
    name = asset.name.strip()
    if asset.kind is AssetKind.IMAGE:
        real = (n for n in (name, *asset.tags) if n and not is_file(n) and not is_digest(n))
        name = reference(next(real, name))
        if is_digest(name):
            return ""
        if not is_file(name):
            return _TAG.sub("", name.partition("@")[0])
    if asset.kind in (AssetKind.REPOSITORY, AssetKind.UNKNOWN, AssetKind.SBOM) or is_file(name):
        name = name.rstrip("/\\").replace("\\", "/").removesuffix(".git").rpartition("/")[2] or name
    return name


def address(asset: Asset) -> str:
    """Host and path of a repository that is named by its URL; "" for any other name."""
    name = asset.name.strip()
    if asset.kind is not AssetKind.REPOSITORY or not _URL.match(name):
        return ""
    return _URL.sub("", name).rstrip("/").removesuffix(".git").replace(":", "/").lower()
