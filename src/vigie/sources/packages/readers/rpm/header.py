"""One package's header as rpm stores it.

Source: rpm's manual on its header format and of its
tags: two counts, an index of (tag, type, offset, count), a store, all in network byte order.
"""

from __future__ import annotations

import struct

from vigie.sources.packages.readers._systems import Record

NAME, VERSION, RELEASE, EPOCH = 1000, 1001, 1002, 1003
LICENSE, ARCH, SOURCERPM, MODULARITYLABEL = 1014, 1022, 1044, 5096
_WANTED = frozenset({NAME, VERSION, RELEASE, EPOCH, LICENSE, ARCH, SOURCERPM, MODULARITYLABEL})
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


def _read(blob: bytes) -> dict[int, str | int]:
    if len(blob) < 8:
        raise ValueError("it is cut short")
    entries, length = struct.unpack_from(">II", blob)
    store = 8 + entries * _INDEX.size
    if entries > _MOST_ENTRIES or length > _MOST_DATA or store + length > len(blob):
        raise ValueError("its sizes do not fit it")
    found: dict[int, str | int] = {}
    for tag, kind, offset, count in _INDEX.iter_unpack(blob[8:store]):
        if tag not in _WANTED or tag in found:
            continue
        if not 0 <= offset < length or count == 0:
            raise ValueError("an entry leads outside of it")
        value = _value(blob, kind, store + offset, store + length)
        if value is not None:
            found[tag] = value
    return found


def _value(blob: bytes, kind: int, start: int, end: int) -> str | int | None:
    if kind in (_STRING, _STRINGS, _I18N):
        stop = blob.find(b"\0", start, min(end, start + _LONGEST * 64))
        if stop < 0:
            raise ValueError("a text does not end")
        return blob[start:stop].decode("utf-8", "replace")
    if kind == _INT32 and start + 4 <= end:
        return int(struct.unpack_from(">I", blob, start)[0])
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
