"""Ranges of files on disk: where a blob, a layer or a file inside a layer lies.

Reading goes by offset and keeps no position of its own, so several threads may read at once.
"""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_SMALL = 256 * 1024  # read at once: cheaper than a buffered reader
_BUFFER = 256 * 1024
_CHUNK = 1024**2


class Ground:
    """A file on disk that pieces lie in, open for reading until `close`."""

    def __init__(self, path: Path) -> None:
        """Raises OSError when there is no regular file at `path`."""
        self.path = path
        self._file = open(path, "rb", buffering=0, opener=_open_at_once)  # noqa: SIM115 closed in close
        state = os.fstat(self._file.fileno())
        if not stat.S_ISREG(state.st_mode):
            self._file.close()
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        self.size = state.st_size

    def read_at(self, offset: int, size: int) -> bytes:
        """Up to `size` bytes at `offset`; fewer only at the file's end. OSError when closed."""
        if self._file.closed:
            raise OSError(errno.EBADF, "it has been closed", str(self.path))
        parts: list[bytes] = []
        while size > 0:
            part = os.pread(self._file.fileno(), size, offset)
            if not part:
                break
            if len(part) == size and not parts:
                return part
            parts.append(part)
            offset += len(part)
            size -= len(part)
        return b"".join(parts)

    def whole(self) -> Piece:
        """The file as one piece."""
        return Piece(self, 0, self.size)

    def close(self) -> None:
        """Close it. What is still open of it can be read no more."""
        self._file.close()


@dataclass(frozen=True, slots=True)
class Piece:
    """`size` bytes at `offset` of a file."""

    ground: Ground
    offset: int
    size: int

    def read(self, offset: int, size: int) -> bytes:
        """Up to `size` bytes at `offset` within the piece; fewer only at its end."""
        return self.ground.read_at(self.offset + offset, min(size, self.size - offset))

    def part(self, offset: int, size: int) -> Piece:
        """A piece of this piece. Raises ValueError when it does not lie within."""
        if offset < 0 or size < 0 or offset + size > self.size:
            raise ValueError("not within the piece")
        return Piece(self.ground, self.offset + offset, size)

    def chunks(self, size: int = _CHUNK) -> Iterator[bytes]:
        """The content in order. Ends early when the file has become shorter."""
        offset = 0
        while offset < self.size:
            data = self.read(offset, size)
            if not data:
                return
            yield data
            offset += len(data)

    def open(self) -> BinaryIO:
        """A seekable stream of the content. Raises OSError when the file ends within it."""
        if self.size <= _SMALL:
            data = self.read(0, self.size)
            if len(data) < self.size:
                raise OSError(errno.EIO, "the file ends too early", str(self.ground.path))
            return io.BytesIO(data)
        return io.BufferedReader(_PieceStream(self), _BUFFER)


class _PieceStream(io.RawIOBase):
    def __init__(self, piece: Piece) -> None:
        self._piece = piece
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._piece.size}[whence]
        if start + offset < 0:
            raise OSError(errno.EINVAL, "negative position")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        room = min(len(buffer), max(0, self._piece.size - self._at))
        data = self._piece.read(self._at, room) if room else b""
        if room and not data:
            raise OSError(errno.EIO, "the file ends too early", str(self._piece.ground.path))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def _open_at_once(path: str, flags: int) -> int:
    """Open without waiting, should a pipe stand there."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
