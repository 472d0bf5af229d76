"""rpm databases in their three forms, written here by the layouts their readers name."""

from __future__ import annotations

import sqlite3
import struct
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

_STRING, _INT32 = 6, 4
_TAGS = {
    "name": 1000,
    "version": 1001,
    "release": 1002,
    "epoch": 1003,
    "summary": 1004,
    "licence": 1014,
    "arch": 1022,
    "sourcerpm": 1044,
    "module": 5096,
}


def header(fields: Mapping[str, str | int]) -> bytes:
    """One package's header: counts, index and store."""
    index, store = b"", b""
    for name, value in fields.items():
        if isinstance(value, int):
            store += bytes(-len(store) % 4)
            index += struct.pack(">iIiI", _TAGS[name], _INT32, len(store), 1)
            store += struct.pack(">I", value)
        else:
            index += struct.pack(">iIiI", _TAGS[name], _STRING, len(store), 1)
            store += value.encode() + b"\0"
    return struct.pack(">II", len(index) // 16, len(store)) + index + store


def as_sqlite(headers: Sequence[bytes]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rpmdb.sqlite"
        with closing(sqlite3.connect(path)) as database:
            database.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)")
            database.executemany("INSERT INTO Packages (blob) VALUES (?)", [(h,) for h in headers])
            database.commit()
        return path.read_bytes()


def as_ndb(headers: Sequence[bytes]) -> bytes:
    slots, blobs = b"", b""
    for number, blob in enumerate(headers, 1):
        blocks = (16 + len(blob) + 12 + 15) // 16
        slots += struct.pack("<4sIII", b"Slot", number, 256 + len(blobs) // 16, blocks)
        head = struct.pack("<4sIII", b"BlbS", number, 1, len(blob))
        tail = struct.pack("<II4s", 0, len(blob), b"BlbE")
        body = head + blob
        blobs += body + bytes(blocks * 16 - len(body) - len(tail)) + tail
    slots += struct.pack("<4sIII", b"Slot", 0, 0, 0) * (254 - len(headers))
    return struct.pack("<4sIII16x", b"RpmP", 0, 1, 1) + slots + blobs


def as_berkeley(headers: Sequence[bytes], order: str = "<", size: int = 512) -> bytes:
    """A hash of one page; the first header lies on that page, the others on overflow pages."""
    room = size - 26
    items: list[bytes] = []
    chains: list[bytes] = []
    for number, blob in enumerate((struct.pack(f"{order}I", 99), *headers)):
        items.append(b"\1" + struct.pack(f"{order}I", number))
        if number < 2:
            items.append(b"\1" + blob)
            continue
        first = 2 + len(chains)
        items.append(struct.pack(f"{order}B3xII", 3, first, len(blob)))
        parts = [blob[at : at + room] for at in range(0, len(blob), room)]
        for at, part in enumerate(parts):
            following = first + at + 1 if at + 1 < len(parts) else 0
            chains.append(_page(order, size, first + at, 7, following, 1, len(part), part))
    starts, body = [], b""
    for item in items:
        body = item + body
        starts.append(size - len(body))
    index = struct.pack(f"{order}{len(starts)}H", *starts)
    filled = index + bytes(room - len(index) - len(body)) + body
    meta = struct.pack(f"{order}8xIIIIBBBxI", 0, 0x061561, 9, size, 0, 8, 0, 0)
    meta += struct.pack(f"{order}I", 1 + len(chains))
    page = _page(order, size, 1, 13, 0, len(items), starts[-1], filled)
    return meta + bytes(size - len(meta)) + page + b"".join(chains)


def _page(
    order: str,
    size: int,
    number: int,
    kind: int,
    following: int,
    count: int,
    high: int,
    body: bytes,
) -> bytes:
    head = struct.pack(f"{order}8xIIIHHBB", number, 0, following, count, high, 0, kind)
    return head + body + bytes(size - len(head) - len(body))


HEADERS = [
    header(
        {
            "name": "demo",
            "version": "1.2",
            "release": "3.el9",
            "arch": "x86_64",
            "licence": "MIT",
            "sourcerpm": "demo-src-1.2-3.el9.src.rpm",
        }
    ),
    header({"name": "gpg-pubkey", "version": "0123", "release": "4567"}),
    header(
        {
            "summary": "long enough for two pages " * 30,
            "name": "demo-libs",
            "version": "2.0~rc1",
            "release": "1",
            "epoch": 2,
            "arch": "noarch",
            "sourcerpm": "demo-libs-2.0~rc1-1.nosrc.rpm",
            "module": "demo:12:80:abc",
        }
    ),
]

_OS = 'ID="rhel"\nVERSION_ID="9.4"\n'
_FORMS = {
    "var/lib/rpm/rpmdb.sqlite": as_sqlite(HEADERS),
    "usr/lib/sysimage/rpm/Packages.db": as_ndb(HEADERS),
    "var/lib/rpm/Packages": as_berkeley(HEADERS),
    "usr/share/rpm/Packages": as_berkeley(HEADERS, ">", 1024),
}

SAMPLES = [
    (
        {"etc/os-release": _OS, path: data},
        [
            ("pkg:rpm/redhat/demo@1.2-3.el9", "1.2-3.el9", path),
            ("pkg:rpm/redhat/demo-libs@2.0~rc1-1", "2:2.0~rc1-1", path),
        ],
    )
    for path, data in _FORMS.items()
]
