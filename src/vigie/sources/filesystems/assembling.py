"""From a description to a tree: fetches, checks and applies the layers of an image."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import BinaryIO

from vigie.model.errors import UserError
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T, Text
from vigie.sources.filesystems.description import Description, LayerSource
from vigie.sources.filesystems.documents import diff_ids
from vigie.sources.filesystems.headers import BrokenArchive, Header, read_headers
from vigie.sources.filesystems.layering import Layering
from vigie.sources.filesystems.limits import ImageLimits
from vigie.sources.filesystems.pieces import Piece
from vigie.sources.filesystems.tree import Folder
from vigie.sources.filesystems.unpacking import (
    DamagedBlob,
    Unpacked,
    Workspace,
    hash_of,
    unpack,
)

Told = Callable[[Text], None]


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer. `digest` and `media_type` are of the bytes as they are stored, `diff_id` is
    the digest of the tar archive that they hold."""

    digest: str
    media_type: str
    diff_id: str
    stored: Piece
    content: Piece

    @property
    def size(self) -> int:
        """Bytes as stored."""
        return self.stored.size

    def open(self) -> BinaryIO:
        """The bytes as they are stored: what a registry would serve."""
        return self.stored.open()


@dataclass(slots=True)
class Assembly:
    """The tree and its layers, lowest first; None stands for one that could not be had.
    `trusted` False: some layer is not what the image's documents say."""

    root: Folder
    layers: list[Layer | None] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    trusted: bool = True

    def tell(self, message: Text, where: str) -> None:
        self.problems.append(Problem(ProblemCode.REPORT, message, where))


def assemble(
    description: Description, workspace: Workspace, limits: ImageLimits, told: Told
) -> Assembly:
    """Apply every layer that can be had. Raises UserError beyond the limits, SourceError when
    a registry fails, OSError when the workspace is full."""
    sources = description.layers
    if len(sources) > limits.layers:
        raise UserError(
            T("the image has {count} layers, more than any engine takes", count=len(sources))
        )
    layering = Layering()
    assembly = Assembly(layering.root)
    expected = _expected(description, assembly)
    entries = _Entries(limits.entries)
    pool = ThreadPoolExecutor(min(4, (os.cpu_count() or 1) + 1), "layer")
    try:
        loading = _start(pool, sources, workspace, told)
        for number, source in enumerate(sources):
            layer = _checked(loading[source.key].result(), source, expected[number], assembly)
            assembly.layers.append(layer)
            if layer is not None:
                _apply(layering, number, layer, entries, assembly)
    finally:
        pool.shutdown(cancel_futures=True)
    return assembly


def _expected(description: Description, assembly: Assembly) -> Sequence[str]:
    """The diff id that each layer should have; "" when nobody says."""
    listed = diff_ids(description.config)
    if len(listed) == len(description.layers):
        return listed
    if listed or description.layers:
        assembly.trusted = False
        assembly.tell(
            T(
                "the configuration of the image lists {listed} layers, its manifest {stored}",
                listed=len(listed),
                stored=len(description.layers),
            ),
            description.config_digest,
        )
    return [""] * len(description.layers)


@dataclass(frozen=True, slots=True)
class _Loaded:
    stored: Piece
    unpacked: Unpacked


def _start(
    pool: ThreadPoolExecutor, sources: Sequence[LayerSource], workspace: Workspace, told: Told
) -> dict[str, Future[_Loaded | Text]]:
    loading: dict[str, Future[_Loaded | Text]] = {}
    for number, source in enumerate(sources, 1):
        if source.key not in loading:
            step = T("reads layer {number} of {total}", number=number, total=len(sources))
            loading[source.key] = pool.submit(_load, source, workspace, step, told)
    return loading


def _load(source: LayerSource, workspace: Workspace, step: Text, told: Told) -> _Loaded | Text:
    """The layer, or why there is none."""
    told(step)
    stored = source.fetch()
    if stored is None:
        return T("a layer is missing, and all that it holds")
    try:
        return _Loaded(stored, unpack(stored, workspace))
    except DamagedBlob as error:
        return T("a layer cannot be read: {why}", why=error.reason)


def _checked(
    loaded: _Loaded | Text, source: LayerSource, diff_id: str, assembly: Assembly
) -> Layer | None:
    """The layer, with a problem and without trust where it is not what it should be."""
    if isinstance(loaded, Text):
        assembly.tell(loaded, source.digest or diff_id or source.key)
        return None
    stored, unpacked = loaded.stored, loaded.unpacked
    digest = source.digest or unpacked.packed
    where = diff_id or digest
    as_said = _is(stored, unpacked.packed, source.digest) and _is(
        unpacked.content, unpacked.plain, diff_id
    )
    if unpacked.damage is not None:
        assembly.tell(
            T("a layer is read up to where it is damaged: {why}", why=unpacked.damage), where
        )
    elif not as_said:
        assembly.tell(T("a layer is not what its digest says"), where)
    assembly.trusted &= as_said
    if not _is(stored, unpacked.packed, digest):
        digest = unpacked.packed  # whoever fetches it will check it
    return Layer(digest, unpacked.media_type, unpacked.plain, stored, unpacked.content)


def _is(piece: Piece, computed: str, said: str) -> bool:
    algorithm = said.partition(":")[0]
    if not said or algorithm == "sha256":
        return not said or computed == said
    return hash_of(piece, algorithm) == said


@dataclass(slots=True)
class _Entries:
    """Counts entries over all layers."""

    most: int
    seen: int = 0
    broken: Text | None = None

    def of(self, archive: Piece) -> Iterator[Header]:
        """The layer's entries up to where it is broken, if it is."""
        self.broken = None
        try:
            for header in read_headers(archive):
                self.seen += 1
                if self.seen > self.most:
                    raise UserError(
                        T("the image holds more than {most} files", most=self.most),
                        T("If you trust it, scan it where it was built, as a folder."),
                    )
                yield header
        except BrokenArchive as error:
            self.broken = error.reason


def _apply(
    layering: Layering, number: int, layer: Layer, entries: _Entries, assembly: Assembly
) -> None:
    odd = layering.put(number, entries.of(layer.content))
    assembly.problems += odd.problems(layer.diff_id)
    if entries.broken is not None:
        assembly.tell(
            T("a layer is read up to where it is damaged: {why}", why=entries.broken),
            layer.diff_id,
        )
