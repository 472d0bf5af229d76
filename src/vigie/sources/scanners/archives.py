"""Image archives in the form in which scanners read them."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Literal

from vigie.model.errors import UserError
from vigie.model.text import T

_GZIP = b"\x1f\x8b"
_CHUNK = 1024**2
_MOST_ENTRIES = 10_000
MOST_BYTES = 8 * 1024**3  # as much as a scanner may write into one file

Layout = Literal["docker", "oci"]


def plain_archive(archive: Path, workspace: Path, most: int = MOST_BYTES) -> Path:
    """The archive itself, or a copy of it in the workspace that is not compressed.

    Raises UserError when it cannot be unpacked or would take more than `most` bytes.
    """
    with archive.open("rb") as file:
        if file.read(2) != _GZIP:
            return archive
    copy = workspace / "image.tar"
    written = 0
    try:
        with gzip.open(archive, "rb") as source, copy.open("wb") as target:
            while data := source.read(_CHUNK):
                written += len(data)
                if written > most:
                    raise UserError(
                        T("{target} holds more than {most} bytes",
                          target=str(archive), most=most),
                        T("Unpack the image and give its folder."),
                    )  # fmt: skip
                target.write(data)
    except (OSError, EOFError, zlib.error) as error:
        raise UserError(
            T("{target} is no readable archive: {why}", target=str(archive), why=str(error)),
            T("Make it again with docker save or skopeo copy."),
        ) from None
    return copy


def layout_of(archive: Path) -> Layout:
    """How the archive is laid out. Docker's own hold both lists since 25; theirs counts."""
    with tarfile.open(archive) as tar:
        for _, entry in zip(range(_MOST_ENTRIES), tar, strict=False):
            if PurePosixPath(entry.name).as_posix() == "manifest.json":
                return "docker"
    return "oci"
