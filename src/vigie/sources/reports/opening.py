"""Opens a report's file: what it must be, how large it may be, and where its text begins."""

from __future__ import annotations

import io
import mmap
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from vigie.model.errors import UserError
from vigie.model.text import T

_UTF8_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
_OPENING = 512  # bytes in which a binary file shows itself
# zip, gzip, bzip2, xz, zstandard, 7-zip
_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a report may cost. Beyond it is refused with a hint, never half read."""

    size: int = 2 * 1024**3  # bytes
    records: int = 5_000_000
    depth: int = 200  # XML; JSON depth is bounded by the decoder
    line: int = 64 * 1024**2  # bytes of one JSON line or CSV row


def map_file(path: Path, size: int) -> bytes | mmap.mmap:
    """The file's bytes, mapped. Raises UserError for what is no file, cannot be read or is larger.

    A pipe or a device is refused before it is opened: reading one could wait or run for ever.
    """
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            raise UserError(
                T("{name} is a pipe or a device, not a file", name=str(path)),
                T("Write the report into a file first, and give that."),
            )
        with open(path, "rb", opener=_open_at_once) as file:
            length = file.seek(0, io.SEEK_END)
            if length > size:
                raise too_big(str(path), size)
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if length else b""
    except IsADirectoryError:
        raise UserError(T("{name} is a folder, not a report", name=str(path))) from None
    except FileNotFoundError:
        raise UserError(
            T("{name} does not exist", name=str(path)), T("See whether the path is right.")
        ) from None
    except OSError as error:
        raise UserError(
            T("{name} cannot be read: {error}", name=str(path), error=error.strerror or "")
        ) from None


def text_start(data: bytes | mmap.mmap, name: str) -> int:
    """Length of the byte order mark to pass over. Raises UserError for what is no UTF-8 text."""
    head = bytes(data[:4])
    if head.startswith(_UTF8_BOM):
        return len(_UTF8_BOM)
    if bytes(data[:6]).startswith(_PACKED):
        raise UserError(
            T("{name} is compressed, not a report", name=name),
            T("Unpack it, and give the report inside."),
        )
    if head.startswith(_WIDE_BOMS) or b"\x00" in head:
        raise UserError(
            T("{name} is UTF-16 or binary, not UTF-8 text", name=name),
            T(
                "PowerShell's > writes UTF-16: use the tool's own output option, "
                "or Out-File -Encoding utf8."
            ),
        )
    if b"\x00" in bytes(data[:_OPENING]):
        raise UserError(
            T("{name} is a binary file, not a report", name=name),
            T("Give what the tool wrote: JSON, XML, CSV or SARIF."),
        )
    return 0


def too_big(name: str, size: int) -> UserError:
    """The error for a report of more than `size` bytes."""
    return UserError(
        T("{name} is larger than a report may be ({size} MiB)", name=name, size=size // 1024**2),
        T("Split the scan, or raise the limit with VIGIE_LIMITS__REPORT_BYTES."),
    )


def _open_at_once(path: str, flags: int) -> int:
    """Open without waiting, should a pipe have come to stand there meanwhile."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
