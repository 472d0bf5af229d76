"""Pulls an image: its manifest for a platform at once, its layers when they are asked for.

Sources: OCI distribution specification 1.1, "Pulling manifests" and "Pulling blobs";
RFC 9110, 14 (range requests).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx

from vigie.model.errors import SourceError, UserError
from vigie.model.text import T, Text
from vigie.sources.filesystems.description import Description, LayerSource, read_config, resolve
from vigie.sources.filesystems.documents import (
    DOCKER_INDEX,
    DOCKER_MANIFEST,
    OCI_INDEX,
    OCI_MANIFEST,
    Descriptor,
    check_digest,
    decode_manifest,
    digest_of,
)
from vigie.sources.filesystems.limits import ImageLimits
from vigie.sources.filesystems.pieces import Piece
from vigie.sources.filesystems.platforms import Platform
from vigie.sources.filesystems.registry.access import OWN, Access
from vigie.sources.filesystems.registry.client import Passing, RegistryClient
from vigie.sources.filesystems.registry.references import Reference, parse_reference
from vigie.sources.filesystems.unpacking import Workspace

_MANIFESTS = ", ".join((OCI_INDEX, DOCKER_INDEX, OCI_MANIFEST, DOCKER_MANIFEST))
_RANGE = re.compile(r"bytes (\d+)-")
_MIB = 1024**2


@contextmanager
def pulling(
    name: str,
    workspace: Workspace,
    limits: ImageLimits,
    wanted: Platform,
    told: Callable[[Text], None],
    *,
    access: Access = OWN,
) -> Iterator[Description]:
    """The image of that name; its layers can be fetched inside the context.

    Raises UserError for a name that is none or an image that is none, SourceError when the
    registry does not have it, does not let us have it or does not answer.
    """
    with asking(name, told, access) as client:
        yield Pull(client, workspace, limits, told, access.still).describe(name, wanted)


@contextmanager
def asking(
    name: str, told: Callable[[Text], None], access: Access = OWN
) -> Iterator[RegistryClient]:
    """The registry of that name, once it has answered. Raises as `pulling` does."""
    reference = parse_reference(name)
    client = RegistryClient(
        reference,
        access.credentials(reference.registry),
        plain_http=access.plain_http,
        http=access.client() if access.client is not None else None,
    )
    try:
        told(T("asks {registry}", registry=reference.registry))
        client.greet()
        yield client
    finally:
        client.close()


class Pull:
    """One image of a registry; see `pulling`."""

    def __init__(
        self,
        client: RegistryClient,
        workspace: Workspace,
        limits: ImageLimits,
        told: Callable[[Text], None],
        still: Callable[[], None] = OWN.still,
    ) -> None:
        self._client = client
        self._workspace = workspace
        self._limits = limits
        self._told = told
        self._still = still

    def describe(self, name: str, wanted: Platform) -> Description:
        reference = self._client.reference
        data = self._document(f"manifests/{reference.version}", reference.digest)
        top = decode_manifest(data, "manifest")
        digest = reference.digest or digest_of(data)
        named = f"{reference.name}@{digest}"
        problems = []
        if top.is_index:
            found = resolve(self, top, wanted)
            manifest, config, digest = found.manifest, found.config, found.digest
            problems = list(found.problems)
        else:
            manifest, config = top, read_config(self, top)
        layers = manifest.layers or []
        self._check_sizes(layers)
        tag = f"{reference.name}:{reference.tag}" if reference.tag else ""
        return Description(
            config=config,
            config_digest=(manifest.config or Descriptor()).digest,
            layers=tuple(LayerSource(x.digest, partial(self._fetch, x), x.digest) for x in layers),
            manifest=digest,
            name=name,
            tags=tuple(filter(None, (tag, named))),
            problems=problems,
        )

    def document(self, descriptor: Descriptor, what: str) -> bytes:
        """A manifest or a configuration by its digest, which is checked."""
        kind = "blobs" if what == "config" else "manifests"
        return self._document(f"{kind}/{descriptor.digest}", descriptor.digest)

    def _document(self, path: str, digest: str) -> bytes:
        data = self._client.attempt(lambda: self._read(path, digest))
        if not digest or digest_of(data, digest) == digest:
            return data
        raise _not_what_it_says(self._client.reference, digest)

    def _read(self, path: str, digest: str) -> bytes:
        data = b""
        with self._client.get(path, {"Accept": _MANIFESTS}) as response:
            for chunk in response.iter_bytes():
                data += chunk
                if len(data) > self._limits.document:
                    raise UserError(
                        T("{name} of the image is too large to be one", name=digest or "manifest")
                    )
        return data

    def _check_sizes(self, layers: list[Descriptor]) -> None:
        for layer in layers:
            check_digest(layer.digest, "layer")
            if layer.size < 0:
                raise UserError(
                    T("{name} of the image has no valid size", name=layer.digest),
                    T("Make it again with docker save or skopeo copy."),
                )
        if sum(layer.size for layer in layers) > self._limits.download:
            raise UserError(
                T("the image is larger than {size} GiB", size=self._limits.download // 1024**3),
                T("If you trust it, scan it where it was built, as a folder."),
            )

    def _fetch(self, layer: Descriptor) -> Piece | None:
        """The layer in a file in the workspace, its digest checked."""
        self._told(T("downloads {size} MiB", size=-(-layer.size // _MIB)))
        download = _Download(self._client, layer, self._workspace, self._still)
        path = self._client.attempt(download.go_on)
        return self._workspace.open(path).whole()


class _Download:
    """One blob on its way. `go_on` continues where the last attempt was cut off."""

    def __init__(
        self,
        client: RegistryClient,
        layer: Descriptor,
        workspace: Workspace,
        still: Callable[[], None],
    ) -> None:
        self._client = client
        self._still = still
        self._layer = layer
        self._path = workspace.fresh()
        self._path.touch(exist_ok=False)
        self._begin_anew()
        self._wrong = 0

    def _begin_anew(self) -> None:
        self._hash = hashlib.new(self._layer.digest.partition(":")[0])
        self._have = 0

    def go_on(self) -> Path:
        """Raises Passing when it is cut off, SourceError when it is another blob."""
        headers = {"Range": f"bytes={self._have}-"} if self._have else {}
        with self._client.get(f"blobs/{self._layer.digest}", headers) as response:
            if not self._continues(response):
                self._begin_anew()
            self._take(response)
        if self._have < self._layer.size:
            raise Passing(T("the download was cut off"))
        if self._hash.hexdigest() == self._layer.digest.partition(":")[2]:
            return self._path
        self._begin_anew()
        self._wrong += 1
        if self._wrong < 2:  # once can be an accident on the way
            raise Passing(T("a layer is not what its digest says"))
        raise _not_what_it_says(self._client.reference, self._layer.digest)

    def _continues(self, response: httpx.Response) -> bool:
        """True when the answer begins where we left off."""
        if response.status_code != 206:
            return False
        start = _RANGE.match(response.headers.get("content-range", ""))
        return start is not None and int(start[1]) == self._have

    def _take(self, response: httpx.Response) -> None:
        with self._path.open("r+b") as file:
            file.truncate(self._have)
            file.seek(self._have)
            for chunk in response.iter_raw():
                self._still()
                if self._have + len(chunk) > self._layer.size:
                    raise _not_what_it_says(self._client.reference, self._layer.digest)
                file.write(chunk)
                self._hash.update(chunk)
                self._have += len(chunk)


def _not_what_it_says(reference: Reference, digest: str) -> SourceError:
    return SourceError(
        T(
            "{registry} gave something else than {digest}",
            registry=reference.registry,
            digest=digest,
        ),
        T("Do not use this image; tell who runs the registry."),
    )
