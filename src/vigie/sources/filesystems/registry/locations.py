"""Where a registry keeps the layers of an image, for somebody else to fetch them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from vigie.model.assets import Asset
from vigie.model.runs import Problem
from vigie.model.text import Text
from vigie.sources.filesystems.documents import diff_ids
from vigie.sources.filesystems.identity import asset_of, digests_of
from vigie.sources.filesystems.limits import DEFAULT_LIMITS, Budget, ImageLimits
from vigie.sources.filesystems.platforms import parse_platform
from vigie.sources.filesystems.registry.access import OWN
from vigie.sources.filesystems.registry.pull import Pull, asking
from vigie.sources.filesystems.unpacking import Workspace


@dataclass(frozen=True, slots=True)
class RemoteLayer:
    """A layer in its registry. `authorization` is the header to ask `url` with, "" for none."""

    digest: str
    url: str = field(repr=False)
    authorization: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class RemoteImage:
    """An image that nothing was fetched of but its documents. `manifest` is its digest, `layers`
    lie lowest first."""

    asset: Asset
    manifest: str
    layers: tuple[RemoteLayer, ...]
    problems: Sequence[Problem] = ()


def locate_image(
    name: str,
    workspace: Path,
    limits: ImageLimits = DEFAULT_LIMITS,
    *,
    platform: str = "linux/amd64",
    plain_http: bool = False,
) -> RemoteImage:
    """Where the layers of that image are. Raises UserError and SourceError as `open_image` does."""
    wanted = parse_platform(platform)
    own = Workspace(Path(tempfile.mkdtemp(prefix="image-", dir=workspace)), Budget(limits))
    try:
        with asking(name, _silent, replace(OWN, plain_http=plain_http)) as client:
            found = Pull(client, own, limits, _silent).describe(name, wanted)
            layers = []
            for source in found.layers:
                path = f"blobs/{source.digest}"
                url, authorization = client.attempt(lambda path=path: client.locate(path))  # type: ignore[misc]
                layers.append(RemoteLayer(source.digest, url, authorization))
    finally:
        own.close()
        shutil.rmtree(own.folder, ignore_errors=True)
    ids = diff_ids(found.config)
    digests = digests_of(found, ids if len(ids) == len(layers) else ())
    return RemoteImage(
        asset_of(name, found, digests), found.manifest, tuple(layers), tuple(found.problems)
    )


def _silent(_step: Text) -> None:
    return None
