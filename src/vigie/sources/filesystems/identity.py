"""Who an image is: the names it carries and the digests that stand for its content."""

from __future__ import annotations

from collections.abc import Sequence

from vigie.model.assets import Asset, AssetKind
from vigie.model.identity import layers_digest
from vigie.sources.filesystems.description import Description
from vigie.sources.filesystems.registry.references import familiar

_MOST_TAGS, _LONGEST_TAG = 100, 500


def asset_of(name: str, description: Description, digests: frozenset[str]) -> Asset:
    """The image under its own name, else its first tag, else `name`."""
    said = [tag for tag in description.tags[:_MOST_TAGS] if len(tag) <= _LONGEST_TAG]
    tags = tuple(dict.fromkeys(familiar(tag) for tag in said))
    return Asset(AssetKind.IMAGE, description.name or (tags[0] if tags else name), digests, tags)


def digests_of(description: Description, diff_ids: Sequence[str]) -> frozenset[str]:
    """Its digests; `diff_ids` of all its layers, lowest first, () when one is not known."""
    digests = {f"config:{description.config_digest}"}
    if description.manifest:
        digests.add(f"manifest:{description.manifest}")
    if diff_ids:
        digests.add(layers_digest(tuple(diff_ids)))
    return frozenset(digests)
