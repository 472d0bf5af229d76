"""One package's header as rpm stores it.

Source: rpm's manual on its header format and of its
tags: two counts, an index of (tag, type, offset, count), a store, all in network byte order.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from vigie.sources.packages.readers._systems import Record

NAME, VERSION, RELEASE, EPOCH = 1000, 1001, 1002, 1003
LICENSE, ARCH, SOURCERPM, MODULARITYLABEL = 1014, 1022, 1044, 5096
_WANTED = frozenset({NAME, VERSION, RELEASE, EPOCH, LICENSE, ARCH, SOURCERPM, MODULARITYLABEL})
VENDOR, DIRINDEXES, BASENAMES, DIRNAMES = 1011, 1116, 1117, 1118
_OF_FILES = frozenset({NAME, VENDOR, DIRINDEXES, BASENAMES, DIRNAMES})
_INT32, _STRING, _STRINGS, _I18N = 4, 6, 8, 9
# rpm's own limits on what a header may hold.
_MOST_ENTRIES, _MOST_DATA = 0xFFFF, 0x0FFFFFFF
_INDEX = struct.Struct(">iIiI")
_LONGEST = 1024  # a name or version longer than this is none


def record_of(blob: bytes) -> Record | None:
    """The package a header describes; None for a public key, which rpm keeps among them.

    Raises ValueError when it is no header.
    """
    said = _read(blob)
    name, version, release = (str(said.get(tag, "")) for tag in (NAME, VERSION, RELEASE))
    if name == "gpg-pubkey":
        return None
    if not name or not version:
        raise ValueError("no name or no version")
    epoch = said.get(EPOCH)
    return rpm_record(
        name,
        f"{version}-{release}" if release else version,
        epoch="" if epoch is None else str(epoch),
        arch=str(said.get(ARCH, "")),
        source_rpm=str(said.get(SOURCERPM, "")),
        licence=str(said.get(LICENSE, "")),
        module=str(said.get(MODULARITYLABEL, "")),
    )


def rpm_record(
    name: str,
    version: str,
    *,
    epoch: str,
    arch: str,
    source_rpm: str,
    licence: str = "",
    module: str = "",
) -> Record:
    """A package by its fields as rpm prints them; `version` is version-release, and an epoch of
    "0" the same as none for comparing, but said in the purl."""
    prefix = f"{epoch}:" if epoch not in ("", "0") else ""
    source_name, source_version = _source(source_rpm)
    return Record(
        type="rpm",
        name=name,
        version=f"{prefix}{version}",
        purl_version=version,
        arch=arch,
        epoch=epoch,
        source_name=source_name,
        # A source package has the epoch of what is built from it; its file name leaves it out.
        source_version=f"{prefix}{source_version}" if source_version else "",
        upstream=source_rpm,
        module=module,
        licences=(licence,) if licence else (),
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """Where one tag's values lie in a header: from `start`, at most to `end`."""

    kind: int
    count: int
    start: int
    end: int


class Contents:
    """Whose package a header describes, and the files that it brought."""

    def __init__(self, blob: bytes) -> None:
        """Raises ValueError when it is no header."""
        self._blob = blob
        self._entries = _index(blob, _OF_FILES)
        self.name, self.vendor = (self._text(tag) for tag in (NAME, VENDOR))

    def _text(self, tag: int) -> str:
        entry = self._entries.get(tag)
        return str(_value(self._blob, entry) or "") if entry else ""

    def below(self, folders: Collection[str]) -> Iterator[str]:
        """Paths of its files that lie in one of `folders` (as rpm writes them, "/usr/lib/").

        Raises ValueError when its lists do not fit each other.
        """
        names = [entry.decode("utf-8", "surrogateescape") for entry in self._strings(DIRNAMES)]
        wanted = {number for number, name in enumerate(names) if name in folders}
        if not wanted:
            return
        bases, places = self._strings(BASENAMES), self._numbers(DIRINDEXES)
        for base, place in zip(bases, places, strict=True):
            if place in wanted:
                yield names[place] + base.decode("utf-8", "surrogateescape")

    def _strings(self, tag: int) -> list[bytes]:
        entry = self._entries.get(tag)
        if entry is None or entry.kind != _STRINGS:
            return []
        parts = self._blob[entry.start : entry.end].split(b"\0", entry.count)
        if len(parts) <= entry.count:
            raise ValueError("a list of texts does not end")
        return parts[:-1]

    def _numbers(self, tag: int) -> tuple[int, ...]:
        entry = self._entries.get(tag)
        if entry is None or entry.kind != _INT32:
            return ()
        if entry.start + 4 * entry.count > entry.end:
            raise ValueError("a list of numbers does not end")
        return struct.unpack_from(f">{entry.count}I", self._blob, entry.start)


def _read(blob: bytes) -> dict[int, str | int]:
    found = {tag: _value(blob, entry) for tag, entry in _index(blob, _WANTED).items()}
    return {tag: value for tag, value in found.items() if value is not None}


def _index(blob: bytes, wanted: Collection[int]) -> Mapping[int, _Entry]:
    if len(blob) < 8:
        raise ValueError("it is cut short")
    entries, length = struct.unpack_from(">II", blob)
    store = 8 + entries * _INDEX.size
    if entries > _MOST_ENTRIES or length > _MOST_DATA or store + length > len(blob):
        raise ValueError("its sizes do not fit it")
    found: dict[int, _Entry] = {}
    for tag, kind, offset, count in _INDEX.iter_unpack(blob[8:store]):
        if tag not in wanted or tag in found:
            continue
        if not 0 <= offset < length or not 0 < count <= length:
            raise ValueError("an entry leads outside of it")
        found[tag] = _Entry(kind, count, store + offset, store + length)
    return found


def _value(blob: bytes, entry: _Entry) -> str | int | None:
    if entry.kind in (_STRING, _STRINGS, _I18N):
        stop = blob.find(b"\0", entry.start, min(entry.end, entry.start + _LONGEST * 64))
        if stop < 0:
            raise ValueError("a text does not end")
        return blob[entry.start : stop].decode("utf-8", "replace")
    if entry.kind == _INT32 and entry.start + 4 <= entry.end:
        return int(struct.unpack_from(">I", blob, entry.start)[0])
    return None


def _source(source_rpm: str) -> tuple[str, str]:
    """Name and version-release of "glibc-2.34-60.el9.src.rpm"; "" for a name of another form."""
    stem = source_rpm.removesuffix(".rpm")
    for ending in (".src", ".nosrc"):
        if stem.endswith(ending):
            parts = stem.removesuffix(ending).rsplit("-", 2)
            if len(parts) == 3 and all(parts):
                return parts[0], f"{parts[1]}-{parts[2]}"
    return "", ""
