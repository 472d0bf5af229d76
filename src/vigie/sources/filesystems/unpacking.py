"""Makes a blob readable by offset: checks its digest, decompresses it once into the workspace.

Sources: RFC 1952 (gzip), RFC 8878 (Zstandard), OCI image specification, "Descriptors".
"""

from __future__ import annotations

import hashlib
import io
import itertools
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol, cast

from vigie.model.text import T, Text
from vigie.sources.filesystems.limits import Budget
from vigie.sources.filesystems.pieces import Ground, Piece

# Not isal or zlib-ng: they halve 0.6 s of 200 MB, and reading twice costs far more than that.
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_SKIPPABLE = tuple(bytes([0x50 + n]) + b"\x2a\x4d\x18" for n in range(16))  # RFC 8878, 3.1.2
_REFUSED = {b"BZh": "bzip2", b"\xfd7zXZ": "xz"}
_STEP = 1024**2
_ZSTD_WINDOW = 128 * 1024**2  # as zstd itself allows without being asked

TAR, TAR_GZIP, TAR_ZSTD = (
    f"application/vnd.oci.image.layer.v1.tar{suffix}" for suffix in ("", "+gzip", "+zstd")
)


class DamagedBlob(ValueError):  # noqa: N818 - says what it is about
    """A compressed blob that cannot be read to its end. `reason` says why, for people."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(str(reason))


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A blob made readable. `packed` and `plain` are the digests of what is stored and of what
    it holds; `media_type` what its first bytes say; `damage` why it ends before its end."""

    content: Piece
    packed: str
    plain: str
    media_type: str
    damage: Text | None = None


class Workspace:
    """A folder of our own for decompressed data, and the files open in it."""

    def __init__(self, folder: Path, budget: Budget) -> None:
        self.folder = folder
        self.budget = budget
        self._grounds: list[Ground] = []
        self._numbers = itertools.count()

    def fresh(self) -> Path:
        """A path in the folder that nobody uses yet; its name is a number."""
        return self.folder / f"{next(self._numbers)}.bin"

    def open(self, path: Path) -> Ground:
        """Open a file until `close`."""
        ground = Ground(path)
        self._grounds.append(ground)
        return ground

    def close(self) -> None:
        for ground in self._grounds:
            ground.close()
        self._grounds.clear()


def hash_of(blob: Piece, algorithm: str) -> str:
    """The digest of a blob as it is stored."""
    whole = hashlib.new(algorithm)
    for chunk in blob.chunks():
        whole.update(chunk)
    return f"{algorithm}:{whole.hexdigest()}"


def media_type_of(piece: Piece) -> str:
    """The media type of a layer by its first bytes. Raises DamagedBlob for xz and bzip2."""
    head = piece.read(0, 6)
    for magic, name in _REFUSED.items():
        if head.startswith(magic):
            raise DamagedBlob(T("it is compressed with {name}", name=name))
    if head.startswith(_GZIP):
        return TAR_GZIP
    return TAR_ZSTD if head.startswith((_ZSTD, *_SKIPPABLE)) else TAR


def unpack(blob: Piece, workspace: Workspace, *, digests: bool = True) -> Unpacked:
    """Decompress a blob, or take it as it is when it is not compressed.

    Raises UserError when it is too large; OSError when the workspace is full. `digests` False
    saves the time that they take and leaves them "".
    """
    media_type = media_type_of(blob)
    packed, plain = hashlib.sha256(), hashlib.sha256()
    if media_type == TAR:
        if not digests:
            return Unpacked(blob, "", "", TAR)
        workspace.budget.spend(blob.size)
        for chunk in blob.chunks():
            plain.update(chunk)
        digest = f"sha256:{plain.hexdigest()}"
        return Unpacked(blob, digest, digest, TAR)
    path = workspace.fresh()
    damage, size = None, 0
    source = _Source(blob, packed.update if digests else _ignore)
    with path.open("xb", buffering=0) as file:
        try:
            for block in _decompressed(source, media_type):
                size += len(block)
                workspace.budget.spend(len(block))
                workspace.budget.check_ratio(source.read_so_far, size)
                if digests:
                    plain.update(block)
                _write(file, block)
        except DamagedBlob as error:
            damage = error.reason
    source.drain()
    content = workspace.open(path).whole()
    if not digests:
        return Unpacked(content, "", "", media_type, damage)
    return Unpacked(
        content, f"sha256:{packed.hexdigest()}", f"sha256:{plain.hexdigest()}", media_type, damage
    )


class _Inflator(Protocol):
    @property
    def unconsumed_tail(self) -> bytes: ...

    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes: ...


class _Source(io.RawIOBase):
    """A blob as a stream that tells what it hands out."""

    def __init__(self, blob: Piece, tell: Callable[[bytes], None]) -> None:
        super().__init__()
        self._chunks = blob.chunks(_STEP)
        self._tell = tell
        self.read_so_far = 0

    def read(self, _size: int = -1) -> bytes:
        chunk = next(self._chunks, b"")
        self.read_so_far += len(chunk)
        self._tell(chunk)
        return chunk

    def drain(self) -> None:
        """Read what nobody asked for, so that the digest is that of the whole blob."""
        while self.read():
            pass


def _decompressed(source: _Source, media_type: str) -> Iterator[bytes]:
    return _inflated(source) if media_type == TAR_GZIP else _unzstd(source)


def _inflated(source: _Source) -> Iterator[bytes]:
    """One gzip member after another; zeros behind a member are padding."""
    inflator = None
    while data := source.read():
        while data:
            if inflator is None:
                data = data.lstrip(b"\0")
                if not data:
                    break
                inflator = zlib.decompressobj(wbits=31)
            yield from _steps(inflator, data)
            data = inflator.unused_data
            if inflator.eof:
                inflator = None
    if inflator is not None:
        raise DamagedBlob(T("its compressed data ends too early"))


def _steps(inflator: _Inflator, data: bytes) -> Iterator[bytes]:
    """What `data` comes to, in blocks that fit into memory however much it is."""
    try:
        while True:
            block = inflator.decompress(data, _STEP)
            if block:
                yield block
            data = inflator.unconsumed_tail
            if inflator.eof or (not data and len(block) < _STEP):
                return
    except zlib.error:
        raise DamagedBlob(T("its compressed data is damaged")) from None


def _unzstd(source: _Source) -> Iterator[bytes]:
    import zstandard  # noqa: PLC0415 - most images need none of it

    decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    # Bounded steps: a few bytes of Zstandard may stand for gigabytes.
    stream = decompressor.stream_reader(cast("IO[bytes]", source), _STEP, read_across_frames=True)
    try:
        while block := stream.read(_STEP):
            yield block
    except zstandard.ZstdError:
        raise DamagedBlob(T("its compressed data is damaged")) from None


def _write(file: IO[bytes], block: bytes) -> None:
    view = memoryview(block)
    while view:
        view = view[file.write(view) :]


def _ignore(_data: bytes) -> None:
    return None
