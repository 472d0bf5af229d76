"""Reading a record's file within limits."""

from __future__ import annotations

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.packages import PackageFile

MIB = 1024 * 1024


def read_bytes(file: PackageFile, most: int = 64 * MIB) -> bytes:
    """The whole content. Raises UserError when it is longer than `most` bytes."""
    data = file.content.read(most + 1)
    if len(data) > most:
        raise UserError(
            T("{path} is larger than such a file may be ({size} MiB)", path=file.path,
              size=most // MIB),
            T("Look what it is; no package manager writes one that large."),
        )  # fmt: skip
    return data


def read_text(file: PackageFile, most: int = 64 * MIB) -> str:
    """The whole content as UTF-8; bytes that are none become U+FFFD. Raises UserError as above."""
    return read_bytes(file, most).decode("utf-8-sig", "replace")
