"""What an image is made of, whatever form it comes in: the documents, before any layer is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from vigie.model.errors import UserError
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.sources.filesystems.documents import (
    CONFIGS,
    Descriptor,
    Manifest,
    check_digest,
    decode_config,
    decode_manifest,
)
from vigie.sources.filesystems.pieces import Piece
from vigie.sources.filesystems.platforms import Platform, choose

_DEEPEST_INDEX = 5
_MOST_MANIFESTS = 1000


@dataclass(frozen=True, slots=True)
class LayerSource:
    """One layer as it is stored. `digest` is that of the stored bytes, "" when nothing says it.

    `fetch` brings it onto this disk and gives None when there is no such blob. Layers with the
    same `key` are the same and are fetched once.
    """

    digest: str
    fetch: Callable[[], Piece | None]
    key: str


@dataclass(slots=True)
class Description:
    """One image. `manifest` and `config_digest` are digests, "" when it has none; `layers` lie
    lowest first; `tags` are the names it carries."""

    config: Mapping[str, Any]
    config_digest: str
    layers: tuple[LayerSource, ...]
    manifest: str = ""
    name: str = ""
    tags: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)


class Documents(Protocol):
    """Where the documents of an image are read from by digest."""

    def document(self, descriptor: Descriptor, what: str) -> bytes:
        """The blob, its digest checked. Raises UserError or SourceError when there is none."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """An image manifest found through any indexes above it. `named` is the descriptor that
    the outermost index has of it or of the index it is in."""

    manifest: Manifest
    digest: str
    config: Mapping[str, Any]
    named: Descriptor
    problems: tuple[Problem, ...] = ()


def resolve(documents: Documents, index: Manifest, wanted: Platform) -> Resolved:
    """The image for the platform. Raises UserError when there is none."""
    problems: list[Problem] = []
    named: Descriptor | None = None
    for _ in range(_DEEPEST_INDEX):
        offered = index.manifests or []
        if len(offered) > _MOST_MANIFESTS:
            raise UserError(T("an index of the image lists {count} images", count=len(offered)))
        chosen, rivals = choose(offered, wanted)
        named = named or chosen
        if rivals > 1:
            problems.append(several(rivals, label(chosen)))
        check_digest(chosen.digest, "manifest")
        found = decode_manifest(documents.document(chosen, "manifest"), "manifest")
        if not found.is_index:
            config = read_config(documents, found)
            return Resolved(found, chosen.digest, config, named, tuple(problems))
        index = found
    raise UserError(
        T("the indexes of the image are nested too deeply"),
        T("Do not run this image; ask who made it."),
    )


def read_config(documents: Documents, manifest: Manifest) -> Mapping[str, Any]:
    """The image's configuration. Raises UserError for what is no container image."""
    config = manifest.config or Descriptor()
    if config.mediaType not in CONFIGS:
        raise UserError(
            T("it holds no container image but {type}", type=config.mediaType[:100]),
            T("Charts, signatures and other artifacts cannot be scanned as images."),
        )
    check_digest(config.digest, "config")
    return decode_config(documents.document(config, "config"))


def several(count: int, name: str) -> Problem:
    """The problem that there are more images than the one that is looked at."""
    return Problem(
        ProblemCode.REPORT,
        T("it holds {count} images; only {name} is looked at", count=count, name=name),
        hint=T("Save each image into an archive of its own."),
    )


def label(descriptor: Descriptor) -> str:
    """A name for people: its tag if it has one, else its digest."""
    names = annotated_names(descriptor)
    return names[0] if names else descriptor.digest


def annotated_names(descriptor: Descriptor) -> tuple[str, ...]:
    """Image names in a descriptor's annotations, the full one first."""
    notes = descriptor.annotations or {}
    keys = ("io.containerd.image.name", "org.opencontainers.image.ref.name")
    return tuple(notes[key] for key in keys if notes.get(key))


def plain_name(name: str) -> str:
    """A name inside an archive without "./", doubled or leading slashes; "" if it leads out."""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    return "" if ".." in parts else "/".join(parts)
