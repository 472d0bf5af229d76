"""Container images made in a test: layers out of lists of entries, in every form there is.

Written with `tarfile`, so that what reads them is checked against something else.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zstandard

OCI = "application/vnd.oci.image"
DOCKER = "application/vnd.docker"


@dataclass(frozen=True)
class Item:
    """One entry of a layer. `kind` is a tarfile type; `target` that of a link."""

    name: str
    data: bytes = b""
    kind: bytes = tarfile.REGTYPE
    target: str = ""
    mode: int = 0o644


def file(name: str, data: bytes | str = b"", mode: int = 0o644) -> Item:
    return Item(name, data.encode() if isinstance(data, str) else data, mode=mode)


def folder(name: str) -> Item:
    return Item(name, kind=tarfile.DIRTYPE, mode=0o755)


def link(name: str, target: str) -> Item:
    return Item(name, kind=tarfile.SYMTYPE, target=target)


def hard(name: str, target: str) -> Item:
    return Item(name, kind=tarfile.LNKTYPE, target=target)


def tar_of(items: Sequence[Item], form: int = tarfile.PAX_FORMAT) -> bytes:
    """A layer, or any archive, of these entries in this order."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for item in items:
            info = tarfile.TarInfo(item.name)
            info.type, info.mode, info.linkname = item.kind, item.mode, item.target
            info.size = len(item.data)
            archive.addfile(info, io.BytesIO(item.data))
    return out.getvalue()


def sha(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


PACKERS: Mapping[str, tuple[str, Callable[[bytes], bytes]]] = {
    "plain": (f"{OCI}.layer.v1.tar", lambda data: data),
    "gzip": (f"{OCI}.layer.v1.tar+gzip", lambda data: gzip.compress(data, 6, mtime=0)),
    "zstd": (f"{OCI}.layer.v1.tar+zstd", zstandard.ZstdCompressor().compress),
}


@dataclass(frozen=True)
class SampleImage:
    """Uncompressed layers, lowest first, and the names the image carries."""

    layers: tuple[bytes, ...]
    tags: tuple[str, ...] = ("shop:1",)
    architecture: str = "amd64"
    variant: str = ""

    @property
    def config(self) -> bytes:
        said: dict[str, Any] = {
            "architecture": self.architecture,
            "os": "linux",
            "config": {"Env": ["PATH=/bin"]},
            "rootfs": {"type": "layers", "diff_ids": [sha(layer) for layer in self.layers]},
        }
        if self.variant:
            said["variant"] = self.variant
        return json.dumps(said).encode()

    # -- docker save

    def saved(self) -> list[Item]:
        """The old form: a folder for each layer."""
        name = hashlib.sha256(self.config).hexdigest() + ".json"
        items = [file(name, self.config)]
        paths = []
        for number, layer in enumerate(self.layers):
            path = f"{number:064x}/layer.tar"
            paths.append(path)
            items += [folder(f"{number:064x}"), file(path, layer)]
        manifest = [{"Config": name, "RepoTags": list(self.tags), "Layers": paths}]
        return [*items, file("manifest.json", json.dumps(manifest))]

    def saved_now(self) -> list[Item]:
        """The form since Docker 25: an OCI layout with a manifest.json beside it."""
        blob = "blobs/sha256/"
        manifest = [
            {
                "Config": blob + sha(self.config)[7:],
                "RepoTags": list(self.tags),
                "Layers": [blob + sha(layer)[7:] for layer in self.layers],
            }
        ]
        return [*self.layout("plain"), file("manifest.json", json.dumps(manifest))]

    # -- OCI

    def blobs(self, packing: str) -> tuple[bytes, dict[str, bytes]]:
        """The manifest and every blob by its digest."""
        kind, pack = PACKERS[packing]
        packed = [pack(layer) for layer in self.layers]
        manifest = json.dumps(
            {
                "schemaVersion": 2,
                "mediaType": f"{OCI}.manifest.v1+json",
                "config": described(self.config, f"{OCI}.config.v1+json"),
                "layers": [described(one, kind) for one in packed],
            }
        ).encode()
        return manifest, {sha(one): one for one in (manifest, self.config, *packed)}

    def layout(self, packing: str, name: str = "") -> list[Item]:
        """An OCI layout of this image alone."""
        manifest, blobs = self.blobs(packing)
        entry = described(manifest, f"{OCI}.manifest.v1+json")
        if name or self.tags:
            entry["annotations"] = {
                "io.containerd.image.name": name or f"docker.io/library/{self.tags[0]}"
            }
        return layout_of([entry], blobs)


def described(data: bytes, kind: str, **more: Any) -> dict[str, Any]:
    return {"mediaType": kind, "digest": sha(data), "size": len(data), **more}


def platform(os: str, architecture: str, variant: str = "") -> dict[str, Any]:
    said = {"os": os, "architecture": architecture}
    return {"platform": {**said, **({"variant": variant} if variant else {})}}


def index_of(manifests: Sequence[Mapping[str, Any]]) -> bytes:
    return json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": f"{OCI}.index.v1+json",
            "manifests": list(manifests),
        }
    ).encode()


def layout_of(manifests: Sequence[Mapping[str, Any]], blobs: Mapping[str, bytes]) -> list[Item]:
    return [
        file("oci-layout", '{"imageLayoutVersion":"1.0.0"}'),
        file("index.json", index_of(manifests)),
        *(file("blobs/" + digest.replace(":", "/"), data) for digest, data in blobs.items()),
    ]


def write_tar(path: Path, items: Sequence[Item]) -> Path:
    path.write_bytes(tar_of(items))
    return path


def write_tgz(path: Path, items: Sequence[Item]) -> Path:
    path.write_bytes(gzip.compress(tar_of(items), 6))
    return path


def write_folder(path: Path, items: Sequence[Item]) -> Path:
    for item in items:
        where = path / item.name
        where.parent.mkdir(parents=True, exist_ok=True)
        if item.kind == tarfile.REGTYPE:
            where.write_bytes(item.data)
    return path
