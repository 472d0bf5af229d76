"""OSV records as they are handed out: the bucket's `all.zip`, a folder of JSON files, one JSON
file, JSON lines. One record at a time is in memory; what cannot be read is named, not lost."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.advisories import AdvisoryRecord, UnreadRecord
from vigie.sources.advisories.records import read_record

_HINT = T("Give an all.zip of the OSV bucket, or files with OSV records in JSON.")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one dump may cost: bytes of one record, records in all, bytes of a JSON file that
    is no JSON lines, and how many times its own size an archive may unpack to."""

    record: int = 32 * 1024**2
    records: int = 3_000_000
    document: int = 1024**3
    ratio: int = 200
    slack: int = 256 * 1024**2


_LIMITS = Limits()
_ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError)


class _Package(msgspec.Struct):
    ecosystem: str = ""


class _Entry(msgspec.Struct):
    package: _Package | None = None


class _Sketch(msgspec.Struct):
    id: str
    affected: list[_Entry] | None = None


class _Answer(msgspec.Struct):
    vulns: list[msgspec.Raw]


def read_osv(*paths: Path, limits: Limits = _LIMITS) -> Iterator[AdvisoryRecord | UnreadRecord]:
    """Every record that these files or folders hold, in their order.

    A second record of the same id is unread. Raises UserError when the whole cannot be read,
    or holds more than the limits allow.
    """
    seen: set[str] = set()
    for name, data in _documents(paths, limits):
        if isinstance(data, UnreadRecord):
            yield data
            continue
        try:
            record = read_record(data)
        except ValueError as error:
            yield UnreadRecord(_id_in(data) or name, str(error))
            continue
        if record.advisory.id in seen:
            yield UnreadRecord(record.advisory.id, "it is there twice")
            continue
        seen.add(record.advisory.id)
        yield record


def ecosystems_of_all(*paths: Path, limits: Limits = _LIMITS) -> frozenset[str]:
    """The ecosystems, without release, that every record speaks of.

    A dump of one ecosystem has that one; a collection of anything has none. Reads until
    nothing is left in common.
    """
    shared: frozenset[str] | None = None
    for _, data in _documents(paths, limits):
        if isinstance(data, UnreadRecord):
            continue
        try:
            sketch = msgspec.json.decode(data, type=_Sketch)
        except (msgspec.MsgspecError, RecursionError):
            continue
        named = frozenset(
            entry.package.ecosystem.partition(":")[0]
            for entry in sketch.affected or ()
            if entry.package is not None and entry.package.ecosystem
        )
        if named:
            shared = named if shared is None else shared & named
        if shared == frozenset():
            break
    return shared or frozenset()


def _documents(paths: Sequence[Path], limits: Limits) -> Iterator[tuple[str, bytes | UnreadRecord]]:
    """Each record's bytes under the name it is found by."""
    count = 0
    for path in paths:
        source = _of_folder if path.is_dir() else _of_zip if _is_zip(path) else _of_json
        for document in source(path, limits):
            count += 1
            if count > limits.records:
                raise UserError(
                    T("{name} holds more than {count} records", name=str(path),
                      count=limits.records),
                    _HINT,
                )  # fmt: skip
            yield document


def _is_zip(path: Path) -> bool:
    with _opened(path) as file:
        return file.read(2) == b"PK"


def _of_folder(path: Path, limits: Limits) -> Iterator[tuple[str, bytes | UnreadRecord]]:
    for folder, below, names in os.walk(path):  # links to folders are not followed
        below.sort()
        for name in sorted(names):
            file = Path(folder, name)
            if name.endswith(".json") and file.is_file():
                yield from _of_json(file, limits)


def _of_json(path: Path, limits: Limits) -> Iterator[tuple[str, bytes | UnreadRecord]]:
    with _opened(path) as file:
        first = file.readline(limits.record + 1)
        rest = file.read(1)
        file.seek(0)
        if rest and len(first) <= limits.record and _is_object(first):
            yield from _of_lines(path.name, file, limits)
            return
        data = file.read(limits.document + 1)
    if len(data) > limits.document:
        yield path.name, UnreadRecord(path.name, "it is too large")
        return
    raws = _many(data)
    if raws is not None:
        for place, raw in enumerate(raws):
            yield f"{path.name}[{place}]", _bounded(f"{path.name}[{place}]", bytes(raw), limits)
        return
    yield path.name, _bounded(path.name, data, limits)


def _many(data: bytes) -> list[msgspec.Raw] | None:
    """The records of a list, or of an answer of the OSV interface; None for a single one."""
    try:
        return msgspec.json.decode(data, type=list[msgspec.Raw])
    except (msgspec.MsgspecError, RecursionError):
        pass
    try:
        return msgspec.json.decode(data, type=_Answer).vulns
    except (msgspec.MsgspecError, RecursionError):
        return None


def _of_lines(
    name: str, file: BinaryIO, limits: Limits
) -> Iterator[tuple[str, bytes | UnreadRecord]]:
    number = 0
    while line := file.readline(limits.record + 1):
        number += 1
        if len(line) > limits.record:
            yield f"{name}:{number}", UnreadRecord(f"{name}:{number}", "it is too large")
            while line and not line.endswith(b"\n"):
                line = file.readline(limits.record)
        elif line.strip():
            yield f"{name}:{number}", line


def _of_zip(path: Path, limits: Limits) -> Iterator[tuple[str, bytes | UnreadRecord]]:
    most = limits.slack + limits.ratio * path.stat().st_size
    unpacked = 0
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, ValueError, *_ZIP_FAULTS) as error:
        raise UserError(
            T("{name} is no readable archive: {why}", name=str(path), why=str(error)), _HINT
        ) from None
    with archive:
        for member in archive.infolist():
            if member.is_dir() or not member.filename.endswith(".json"):
                continue
            data = _unpacked(archive, member, limits)
            unpacked += member.compress_size if isinstance(data, UnreadRecord) else len(data)
            if unpacked > most:
                raise UserError(
                    T("{name} unpacks to far more than its size, which no dump does",
                      name=str(path)),
                    _HINT,
                )  # fmt: skip
            yield member.filename, data


def _unpacked(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits
) -> bytes | UnreadRecord:
    try:
        with archive.open(member) as content:
            # The size that the archive states may be a lie.
            return _bounded(member.filename, content.read(limits.record + 1), limits)
    except (OSError, *_ZIP_FAULTS) as error:
        return UnreadRecord(member.filename, str(error) or type(error).__name__)


def _bounded(name: str, data: bytes, limits: Limits) -> bytes | UnreadRecord:
    return data if len(data) <= limits.record else UnreadRecord(name, "it is too large")


def _is_object(line: bytes) -> bool:
    try:
        msgspec.json.decode(line, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, RecursionError):
        return False
    return True


def _id_in(data: bytes) -> str:
    """The id of a record that is otherwise unreadable, so that it can be named."""
    try:
        found = msgspec.json.decode(data, type=dict[str, msgspec.Raw]).get("id", b'""')
        return msgspec.json.decode(found, type=str)
    except (msgspec.MsgspecError, RecursionError):
        return ""


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise UserError(
            T("{name} cannot be read: {error}", name=str(path), error=error.strerror or str(error))
        ) from None
