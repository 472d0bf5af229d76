"""Opens an image, whatever form it comes in, as one file system with its layers applied.

Only the headers of the layers are read; the content of a file is read where it lies, in the
archive itself or, for a compressed layer, in one temporary file in the workspace.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from vigie.model.assets import Asset
from vigie.model.errors import UserError
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T, Text
from vigie.ports.filesystems import Entry
from vigie.sources.filesystems.assembling import Assembly, Layer, Told, assemble
from vigie.sources.filesystems.description import Description
from vigie.sources.filesystems.docker_archive import describe_stored
from vigie.sources.filesystems.identity import asset_of, digests_of
from vigie.sources.filesystems.limits import DEFAULT_LIMITS, Budget, ImageLimits
from vigie.sources.filesystems.platforms import Platform, config_platform, parse_platform
from vigie.sources.filesystems.stores import ArchiveStore, FolderStore, Store
from vigie.sources.filesystems.tree import File, files, look_up
from vigie.sources.filesystems.unpacking import Workspace

__all__ = ["Image", "ImageLimits", "Layer", "open_image"]


class Image:
    """An image's files as a process inside would see them. Use it as a context manager.

    `asset` is who it is, `config` its configuration as it stands in the image, `layers` those
    that could be had, lowest first.
    """

    def __init__(
        self,
        asset: Asset,
        description: Description,
        assembly: Assembly,
        workspace: Workspace,
        problems: Sequence[Problem],
    ) -> None:
        self.asset = asset
        self.config: Mapping[str, Any] = description.config
        self.layers = tuple(layer for layer in assembly.layers if layer is not None)
        self.problems: Sequence[Problem] = tuple(problems)
        self._numbered = assembly.layers
        self._root = assembly.root
        self._workspace = workspace

    @property
    def platform(self) -> str:
        """ "linux/amd64"; "" when the image does not say."""
        platform = config_platform(self.config)
        return str(platform) if platform is not None else ""

    def entries(self) -> Iterator[Entry]:
        """Every regular file by its real path, names in order, depth first."""
        ids = [layer.diff_id if layer is not None else "" for layer in self._numbered]
        for path, file in files(self._root):
            yield Entry(path, file.size, file.mode, ids[file.layer])

    def find(self, path: str) -> Entry | None:
        """The regular file at `path` after following links; None when there is none."""
        found = look_up(self._root, path)
        if found is None or not isinstance(found.node, File):
            return None
        layer = self._numbered[found.node.layer]
        return Entry(
            found.path, found.node.size, found.node.mode, layer.diff_id if layer is not None else ""
        )

    def open(self, path: str) -> BinaryIO:
        """The content at `path`, seekable. Raises FileNotFoundError, or OSError when cut off."""
        found = look_up(self._root, path)
        node = found.node if found is not None else None
        layer = self._numbered[node.layer] if isinstance(node, File) else None
        if not isinstance(node, File) or layer is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        return layer.content.part(node.offset, node.size).open()

    def close(self) -> None:
        """Let go of the files and remove what was unpacked."""
        self._workspace.close()
        shutil.rmtree(self._workspace.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_image(
    source: Path | str,
    workspace: Path,
    limits: ImageLimits = DEFAULT_LIMITS,
    *,
    platform: str = "linux/amd64",
    progress: Told | None = None,
    plain_http: bool = False,
) -> Image:
    """Open a path (archive or folder) or, given as a string, a reference in a registry.

    `workspace` is a folder that exists; a folder of our own is made in it and removed by
    `close`. `progress` hears each step, from several threads. `plain_http` allows to ask a
    registry without encryption; for this machine itself that is tried anyway.

    Raises UserError for what is no image, is refused or not there for the platform, SourceError
    when the registry fails. What could not be read of the image is in `problems`.
    """
    wanted = parse_platform(platform)
    told = progress or _silent
    own = Workspace(Path(tempfile.mkdtemp(prefix="image-", dir=workspace)), Budget(limits))
    done = False
    try:
        if isinstance(source, Path):
            store = _store(source, own)
            description = describe_stored(store, wanted, limits)
            image = _image(source.name, description, own, limits, wanted, told, store.problems)
        else:
            from vigie.sources.filesystems.registry.access import OWN  # noqa: PLC0415 - slow
            from vigie.sources.filesystems.registry.pull import pulling  # noqa: PLC0415

            access = replace(OWN, plain_http=plain_http)
            with pulling(source, own, limits, wanted, told, access=access) as description:
                image = _image(source, description, own, limits, wanted, told, ())
        done = True
        return image
    except OSError as error:
        raise UserError(
            T("the image cannot be unpacked: {why}", why=error.strerror or str(error)),
            T("See whether there is room in {folder}.", folder=str(workspace)),
        ) from None
    finally:
        if not done:
            own.close()
            shutil.rmtree(own.folder, ignore_errors=True)


def _store(source: Path, workspace: Workspace) -> Store:
    return FolderStore(source, workspace) if source.is_dir() else ArchiveStore(source, workspace)


def _image(
    name: str,
    description: Description,
    workspace: Workspace,
    limits: ImageLimits,
    wanted: Platform,
    told: Told,
    noted: Sequence[Problem],
) -> Image:
    assembly = assemble(description, workspace, limits, told)
    problems = [*noted, *description.problems, *assembly.problems]
    actual = config_platform(description.config)
    if actual is not None and not wanted.suits(actual):
        problems.append(
            Problem(
                ProblemCode.NOTE,
                T("the image is for {platform}", platform=str(actual)),
                hint=T("Another platform is asked for as linux/arm64."),
            )
        )
    asset = asset_of(name, description, _digests(description, assembly))
    return Image(asset, description, assembly, workspace, problems)


def _digests(description: Description, assembly: Assembly) -> frozenset[str]:
    """Who the image is. Layers that are not what its documents say make it another image."""
    if not assembly.trusted:
        return frozenset()
    ids = [layer.diff_id for layer in assembly.layers if layer is not None]
    return digests_of(description, ids if len(ids) == len(assembly.layers) else ())


def _silent(_step: Text) -> None:
    return None
