"""Bodies in the store: uploaded reports and written documents, whole or not there at all.

A body lies in pieces, so that no more than a few of them are ever in memory, and every process
that shares the database can read it. Its SHA-256 is checked whenever it is read.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import sqlalchemy as sa

from vigie.model.errors import SourceError
from vigie.model.text import T
from vigie.services.failures import NotFound, TooLarge
from vigie.services.platform import Platform
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import is_id, new_id
from vigie.stores.relational.scopes import Scope
from vigie.stores.relational.tables.operations import FILES, PIECES

PIECE = 256 * 1024  # bytes
LARGEST = 512 * 1024**2  # bytes of one file, unless its keeper says otherwise
_AT_ONCE = 16  # pieces in one statement: four mebibytes of memory
_UNSAFE = re.compile(r"[^\w.+-]+")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What is known of a body without reading it. `size` in bytes, `sha256` in hex."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    created_at: datetime
    expires_at: datetime | None = None


def save(
    work: Work,
    stream: BinaryIO,
    *,
    at: datetime,
    name: str = "",
    media_type: str = "application/octet-stream",
    expires_at: datetime | None = None,
    largest: int = LARGEST,
) -> StoredFile:
    """Keep everything that the stream gives, in this transaction.

    Hand over what is on this machine already: a slow sender would hold up every other writer.
    Raises TooLarge beyond `largest` bytes; then nothing is kept.
    """
    file, whole, size, number = new_id(), hashlib.sha256(), 0, 0
    row: dict[str, Any] = {
        "id": file, "name": name, "media_type": media_type, "size": 0, "sha256": "",
        "created_at": at, "expires_at": expires_at,
    }  # fmt: skip
    work.insert(FILES, [row])
    while pieces := list(_pieces(stream)):
        for piece in pieces:
            whole.update(piece)
            size += len(piece)
        if size > largest:
            raise TooLarge(
                T("{name} is larger than {limit} MiB", name=name or "?", limit=largest >> 20),
                T("Send less at once."),
            )
        rows = [
            {"file_id": file, "number": number + n, "data": data} for n, data in enumerate(pieces)
        ]
        work.insert(PIECES, rows)
        number += len(pieces)
    sha256 = whole.hexdigest()
    work.run(
        sa.update(FILES)
        .where(work.mine(FILES), FILES.c.id == file)
        .values(size=size, sha256=sha256)
    )
    return StoredFile(file, name, media_type, size, sha256, at, expires_at)


def find(work: Work, file_id: str) -> StoredFile:
    """What is known of it. Raises NotFound."""
    query = sa.select(FILES).where(work.mine(FILES), FILES.c.id == file_id)
    row = work.run(query).one_or_none() if is_id(file_id) else None
    if row is None:
        raise _gone()
    return StoredFile(
        row.id, row.name, row.media_type, row.size, row.sha256, row.created_at, row.expires_at
    )


def pieces_of(platform: Platform, scope: Scope, file: StoredFile) -> Iterator[bytes]:
    """Its bytes in order, for sending out. Each step is a read of its own, so that a receiver
    that hangs holds nothing.

    Raises NotFound when it was removed meanwhile, SourceError when it is not what was kept.
    """
    whole, size, number = hashlib.sha256(), 0, 0
    while size < file.size:
        with platform.database.read(scope) as work:
            query = (
                sa.select(PIECES.c.data)
                .where(work.mine(PIECES), PIECES.c.file_id == file.id, PIECES.c.number >= number)
                .order_by(PIECES.c.number)
                .limit(_AT_ONCE)
            )
            found = [row.data for row in work.run(query)]
        if not found:
            raise _gone()
        number += len(found)
        for data in found:
            whole.update(data)
            size += len(data)
            yield bytes(data)
    if whole.hexdigest() != file.sha256:
        raise SourceError(
            T("the stored file {name} is damaged", name=file.name),
            T("Send it again; and see to the disk of the database."),
        )


@contextmanager
def opened(platform: Platform, scope: Scope, file_id: str) -> Iterator[Path]:
    """The body as a file on this machine, removed at the end. It is called as it was sent, as
    far as that makes a file name.

    Raises NotFound, and SourceError when it is not what was kept.
    """
    with platform.database.read(scope) as work:
        file = find(work, file_id)
    with tempfile.TemporaryDirectory(prefix="vigie-", dir=platform.folder) as folder:
        path = Path(folder, safe_name(file.name))
        with path.open("xb") as out:
            for data in pieces_of(platform, scope, file):
                out.write(data)
        yield path


def delete(work: Work, file_id: str) -> bool:
    """Remove it; False when there is none."""
    if not is_id(file_id):
        return False
    done = work.run(sa.delete(FILES).where(work.mine(FILES), FILES.c.id == file_id))
    return done.rowcount == 1


def expire(platform: Platform, scope: Scope, *, most: int = 1000) -> int:
    """Remove what has outlived its time, at most so many; how many were removed."""
    with platform.database.begin(scope) as work:
        over = sa.and_(work.mine(FILES), FILES.c.expires_at <= platform.clock())
        found = [row.id for row in work.run(sa.select(FILES.c.id).where(over).limit(most))]
        for start in range(0, len(found), 100):
            some = found[start : start + 100]
            work.run(sa.delete(FILES).where(work.mine(FILES), FILES.c.id.in_(some)))
    return len(found)


def safe_name(name: str) -> str:
    """A file name out of what a sender calls it: no folder, nothing special, never empty."""
    last = _UNSAFE.sub("_", name.replace("\\", "/").rpartition("/")[2])[-100:]
    return last.lstrip(".") or "file"


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    """The next few pieces; all but the last of the stream are full, however it gives them."""
    for _ in range(_AT_ONCE):
        parts, missing = [], PIECE
        while missing and (part := stream.read(missing)):
            parts.append(part)
            missing -= len(part)
        if parts:
            yield b"".join(parts)
        if missing:
            return


def _gone() -> NotFound:
    return NotFound(T("there is no such file"), T("It may have expired: send or make it again."))
