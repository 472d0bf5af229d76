"""Saves an image of a registry as an archive, so that scanners need not ask the registry.

What it writes is both an OCI layout and what `docker save` writes since Docker 25: its layers as
the registry keeps them, its manifest with its digest.
Sources: OCI image specification 1.1, "Image Layout"; Docker Image Specification 1.2.
"""

from __future__ import annotations

import io
import json
import shutil
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

from vigie.model.assets import Asset
from vigie.model.errors import UserError
from vigie.model.text import T, Text
from vigie.sources.filesystems.description import Description, LayerSource
from vigie.sources.filesystems.documents import OCI_MANIFEST, Descriptor, decode_manifest
from vigie.sources.filesystems.identity import asset_of, digests_of
from vigie.sources.filesystems.limits import DEFAULT_LIMITS, Budget, ImageLimits
from vigie.sources.filesystems.platforms import parse_platform
from vigie.sources.filesystems.registry.access import Access
from vigie.sources.filesystems.registry.pull import Pull, asking
from vigie.sources.filesystems.registry.references import Reference
from vigie.sources.filesystems.unpacking import Workspace

_LAYOUT = b'{"imageLayoutVersion":"1.0.0"}'


def save_image(
    name: str,
    archive: Path,
    access: Access,
    limits: ImageLimits = DEFAULT_LIMITS,
    *,
    platform: str = "linux/amd64",
    told: Callable[[Text], None] = lambda _step: None,
) -> Asset:
    """Write the image of that name into `archive`, and say who it is; nothing is left of it when
    that fails.

    Beside the archive lies at most one layer more. Raises UserError for what is no image, is
    refused or too large for the disk, SourceError when the registry fails.
    """
    own = Workspace(Path(tempfile.mkdtemp(prefix="image-", dir=archive.parent)), Budget(limits))
    done = False
    try:
        with asking(name, told, access) as client, tarfile.open(archive, "w") as tar:
            pull = Pull(client, own, limits, told, access.still)
            image = pull.describe(name, parse_platform(platform))
            _write(tar, pull, client.reference, image)
        done = True
        return asset_of(name, image, digests_of(image, ()))
    except OSError as error:
        raise UserError(
            T("the image cannot be unpacked: {why}", why=error.strerror or str(error)),
            T("See whether there is room in {folder}.", folder=str(archive.parent)),
        ) from None
    finally:
        own.close()
        shutil.rmtree(own.folder, ignore_errors=True)
        if not done:
            archive.unlink(missing_ok=True)


def _write(tar: tarfile.TarFile, pull: Pull, reference: Reference, image: Description) -> None:
    data = pull.document(Descriptor(image.manifest), "manifest")
    manifest = decode_manifest(data, "manifest")
    _add(tar, "oci-layout", _LAYOUT)
    _add(tar, _place(image.manifest), data)
    _add(tar, _place(image.config_digest), pull.document(manifest.config or Descriptor(), "config"))
    for layer in {layer.digest: layer for layer in image.layers}.values():
        _add_layer(tar, layer)
    name = f"{reference.name}:{reference.tag}" if reference.tag else ""
    described = {
        "mediaType": manifest.mediaType or OCI_MANIFEST,
        "digest": image.manifest,
        "size": len(data),
        "annotations": {"io.containerd.image.name": name or f"{reference.name}@{image.manifest}"},
    }
    saved = {
        "Config": _place(image.config_digest),
        "RepoTags": [name] if name else [],
        "Layers": [_place(layer.digest) for layer in image.layers],
    }
    _add(tar, "index.json", json.dumps({"schemaVersion": 2, "manifests": [described]}).encode())
    _add(tar, "manifest.json", json.dumps([saved]).encode())


def _add_layer(tar: tarfile.TarFile, layer: LayerSource) -> None:
    """Fetch it into the archive; the file that it came in is needed no more then."""
    piece = layer.fetch()
    if piece is None:
        raise UserError(
            T("{what} of the image is missing: {digest}", what="layer", digest=layer.digest)
        )
    entry = tarfile.TarInfo(_place(layer.digest))
    entry.size = piece.size
    with piece.open() as content:
        tar.addfile(entry, content)
    piece.ground.close()
    piece.ground.path.unlink()


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    tar.addfile(entry, io.BytesIO(data))


def _place(digest: str) -> str:
    return f"blobs/{digest.replace(':', '/')}"
