"""What `docker save` writes: manifest.json, configurations and layers by their names.

The old form keeps each layer in a folder of its own, the new one (Docker 25) is an OCI layout
with a manifest.json beside it. Source: moby, "image/tarexport"; Docker Image Specification 1.2.
"""

from __future__ import annotations

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.sources.filesystems.description import Description, LayerSource, plain_name, several
from vigie.sources.filesystems.documents import (
    SavedImage,
    decode,
    decode_config,
    diff_ids,
    digest_of,
)
from vigie.sources.filesystems.layout import INDEX, describe_layout
from vigie.sources.filesystems.limits import ImageLimits
from vigie.sources.filesystems.platforms import Platform
from vigie.sources.filesystems.stores import Store, read_document

MANIFEST = "manifest.json"


def describe_stored(store: Store, wanted: Platform, limits: ImageLimits) -> Description:
    """The image of a store in either form. Raises UserError when it holds none."""
    saved = read_document(store, MANIFEST, limits)
    has_index = store.piece(INDEX) is not None
    if saved is None and not has_index:
        raise UserError(
            T("it holds no image: neither {first} nor {second}", first=MANIFEST, second=INDEX),
            T("Make it again with docker save or skopeo copy."),
        )
    if saved is None:
        return describe_layout(store, wanted, limits)
    if not has_index:
        return describe_saved(store, saved, limits)
    return _of_both(store, saved, wanted, limits)


def _of_both(store: Store, saved: bytes, wanted: Platform, limits: ImageLimits) -> Description:
    """The layout's image, with the tags that manifest.json gives it.

    Docker 25.0 wrote layouts without layers or without an image (moby issues 47065 and 47210),
    so where the layout's image is not whole, manifest.json counts, as it does for `docker load`.
    """
    try:
        found = describe_layout(store, wanted, limits)
    except UserError:
        return describe_saved(store, saved, limits)
    if not found.layers or len(found.layers) != len(diff_ids(found.config)):
        return describe_saved(store, saved, limits)
    images = _images(saved)
    same = [
        image for image in images if _config_digest(store, image, limits) == found.config_digest
    ]
    if images and not same:
        found.problems.append(several(2, found.manifest))
    tags = [*found.tags, *(tag for image in same for tag in image.RepoTags or ())]
    found.tags = tuple(dict.fromkeys(tags))
    return found


def describe_saved(store: Store, saved: bytes, limits: ImageLimits) -> Description:
    """The first image of manifest.json, which is `saved`. Raises UserError without one."""
    images = _images(saved)
    if not images:
        raise UserError(
            T("{name} of the image lists no image", name=MANIFEST),
            T("Make it again with docker save or skopeo copy."),
        )
    image = images[0]
    data = read_document(store, image.Config, limits)
    if data is None:
        raise UserError(
            T("{what} of the image is missing: {digest}", what="config", digest=image.Config[:200]),
            T("Make it again with docker save or skopeo copy."),
        )
    tags = tuple(image.RepoTags or ())
    description = Description(
        config=decode_config(data),
        config_digest=digest_of(data),
        layers=tuple(_layer(store, name) for name in image.Layers or ()),
        tags=tags,
    )
    if len(images) > 1:
        description.problems.append(several(len(images), tags[0] if tags else image.Config[:200]))
    return description


def _layer(store: Store, name: str) -> LayerSource:
    piece = store.piece(name)
    key = f"{piece.ground.path}:{piece.offset}" if piece is not None else name
    return LayerSource("", lambda: piece, key)


def _images(saved: bytes) -> list[SavedImage]:
    return decode(saved, list[SavedImage], MANIFEST)


def _config_digest(store: Store, image: SavedImage, limits: ImageLimits) -> str:
    data = read_document(store, image.Config, limits) if plain_name(image.Config) else None
    return digest_of(data) if data is not None else ""
