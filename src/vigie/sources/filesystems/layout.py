"""An OCI image layout: oci-layout, index.json and blobs by their digests.

Source: OCI image specification 1.1, "Image Layout".
"""

from __future__ import annotations

from functools import partial

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.sources.filesystems.description import (
    Description,
    LayerSource,
    annotated_names,
    resolve,
)
from vigie.sources.filesystems.documents import Descriptor, decode_manifest
from vigie.sources.filesystems.limits import ImageLimits
from vigie.sources.filesystems.platforms import Platform
from vigie.sources.filesystems.stores import Store, StoredBlobs, read_document

INDEX = "index.json"


def describe_layout(store: Store, wanted: Platform, limits: ImageLimits) -> Description:
    """The image for the platform. Raises UserError when the layout holds none that is whole."""
    data = read_document(store, INDEX, limits)
    if data is None:
        raise UserError(
            T("{name} of the image is missing", name=INDEX),
            T("Make it again with docker save or skopeo copy."),
        )
    index = decode_manifest(data, INDEX)
    if not index.is_index:
        raise UserError(
            T("{name} of the image is no index", name=INDEX),
            T("Make it again with docker save or skopeo copy."),
        )
    blobs = StoredBlobs(store, limits)
    found = resolve(blobs, index, wanted)
    names = annotated_names(found.named)
    config = found.manifest.config or Descriptor()
    return Description(
        config=found.config,
        config_digest=config.digest,
        layers=tuple(
            LayerSource(one.digest, partial(blobs.piece, one.digest), one.digest)
            for one in found.manifest.layers or ()
        ),
        manifest=found.digest,
        # A bare tag ("latest") names no image; the full name, where there is one, stands first.
        tags=tuple(name for name in names[:1] if "/" in name or ":" in name),
        problems=list(found.problems),
    )
