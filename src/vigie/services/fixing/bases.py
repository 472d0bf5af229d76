"""Asks registries for the digests of the base images that a folder's Dockerfiles name."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from vigie.model.errors import SourceError, UserError
from vigie.outlets.patches.editors.dockerfile.parsing import parse_dockerfile
from vigie.outlets.patches.editors.dockerfile.stages import Image, stages_of
from vigie.ports.patches import Upgrade
from vigie.services.fixing.folder import Folder
from vigie.sources.filesystems.registry.references import parse_reference

_MOST_IMAGES = 50
_AT_ONCE = 4
_MOST_SECONDS = 60.0

AskDigest = Callable[[str], str]
"""The digest of an image by its name. Raises UserError or SourceError."""


def ask_digest(name: str) -> str:
    """The digest that a registry names, as `tag_digest` says."""
    # Only the work itself needs the client; the help of a command does not.
    from vigie.sources.filesystems.registry.digests import tag_digest  # noqa: PLC0415

    return tag_digest(name)


def base_upgrades(folder: Folder, paths: Sequence[str], ask: AskDigest) -> list[Upgrade]:
    """For each base image without a digest the one that its tag has now, as far as a registry
    says it; what nobody says is left out. A registry that fails once is not asked again."""
    where: dict[Image, dict[str, None]] = {}
    for path in paths:
        for image in _images(folder.read(path), path):
            where.setdefault(image, {})[path] = None
    silent: set[str] = set()
    until = time.monotonic() + _MOST_SECONDS

    def asked(image: Image) -> str:
        name = f"{image.name}:{image.tag or 'latest'}"
        try:
            registry = parse_reference(name).registry
            if registry in silent or time.monotonic() > until:
                return ""
            return ask(name)
        except SourceError as error:
            if error.retryable:
                silent.add(registry)
        except UserError:
            pass  # no name of an image: the editor says so
        return ""

    images = list(where)[:_MOST_IMAGES]
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="vigie-registry") as pool:
        digests = list(pool.map(asked, images))
    return [
        Upgrade("docker", image.name, image.tag or "latest", digest, tuple(where[image]))
        for image, digest in zip(images, digests, strict=True)
        if digest
    ]


def _images(text: str | None, path: str) -> list[Image]:
    try:
        stages = stages_of(parse_dockerfile(text, path)) if text is not None else []
    except UserError:
        return []  # the editor says it
    return [
        stage.image
        for stage in stages
        if stage.image is not None and not stage.image.digest and stage.image.name != "scratch"
    ]
