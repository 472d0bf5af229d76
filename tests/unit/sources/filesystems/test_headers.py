"""The reader of tar headers, beside Python's `tarfile`."""

from __future__ import annotations

import io
import struct
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.sources.filesystems.headers import BrokenArchive, Header, Kind, read_headers
from vigie.sources.filesystems.pieces import Ground, Piece

FORMS = (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)
NAMES = st.text(
    st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1, max_size=30
)


@contextmanager
def on_disk(data: bytes) -> Iterator[Piece]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.tar"
        path.write_bytes(data)
        ground = Ground(path)
        try:
            yield ground.whole()
        finally:
            ground.close()


def read(data: bytes) -> list[Header]:
    with on_disk(data) as piece:
        return list(read_headers(piece))


def made(info: tarfile.TarInfo, data: bytes = b"", form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


class Archive(bytes):
    """Bytes that are told by their length: Hypothesis shows what it draws."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Archive of {len(self)} bytes"


@st.composite
def archives(draw: st.DrawFn) -> Archive:
    out = io.BytesIO()
    form = draw(st.sampled_from(FORMS[1:]))
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for _ in range(draw(st.integers(0, 6))):
            parts = draw(st.lists(NAMES, min_size=1, max_size=draw(st.sampled_from([1, 3, 30]))))
            info = tarfile.TarInfo("/".join(parts))
            info.type = draw(
                st.sampled_from(
                    [tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE,
                     tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE]
                )
            )  # fmt: skip
            if info.type == tarfile.AREGTYPE and len(info.name.encode()) >= 100:
                # tarfile takes it for a folder when the name, cut to what the old header
                # holds, happens to end with a slash; Go's reader looks at the whole name.
                info.type = tarfile.REGTYPE
            info.mode = draw(st.integers(0, 0o7777))
            info.mtime = draw(st.integers(0, 2**40))
            if info.type in (tarfile.SYMTYPE, tarfile.LNKTYPE):
                info.linkname = "/".join(draw(st.lists(NAMES, min_size=1, max_size=12)))
            data = draw(st.binary(max_size=1500)) if info.isreg() else b""
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return Archive(out.getvalue())


@settings(max_examples=400, deadline=None)
@given(archives())
def test_it_sees_what_tarfile_sees(data: bytes) -> None:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        expected = archive.getmembers()
    found = read(data)
    assert len(found) == len(expected)
    for header, member in zip(found, expected, strict=True):
        assert header.name.rstrip("/") == member.name.rstrip("/")
        assert header.mode == member.mode
        assert header.link == (member.linkname if member.issym() or member.islnk() else "")
        assert (header.kind is Kind.FILE) == member.isreg()
        assert (header.kind is Kind.FOLDER) == member.isdir()
        assert (header.kind is Kind.SYMLINK) == member.issym()
        assert (header.kind is Kind.HARDLINK) == member.islnk()
        if member.isreg():
            assert (header.offset, header.size) == (member.offset_data, member.size)


@settings(max_examples=400, deadline=None)
@given(archives(), st.data())
def test_damage_ends_in_a_reason_never_in_another_error(data: bytes, draw: st.DataObject) -> None:
    broken = bytearray(data[: draw.draw(st.integers(0, len(data)))])
    for _ in range(draw.draw(st.integers(0, 8))):
        if broken:
            place = draw.draw(st.integers(0, len(broken) - 1))
            broken[place] = draw.draw(st.integers(0, 255))
    with on_disk(bytes(broken)) as piece:
        try:
            for header in read_headers(piece):
                assert header.offset + header.size <= piece.size
                header.name.encode()
        except BrokenArchive as error:
            assert str(error.reason)


@pytest.mark.parametrize("form", ["v7", "ustar", "gnu", "oldgnu", "posix"])
def test_what_gnu_tar_writes(tmp_path: Path, form: str) -> None:
    root = tmp_path / "root"
    long = "n" * 60 + "/" + "m" * 30 if form in ("v7", "ustar") else "n" * 120 + "/" + "m" * 130
    (root / long).parent.mkdir(parents=True)
    (root / long).write_bytes(b"x" * 700)
    (root / "link").symlink_to("t" * 90)
    (root / "hard").hardlink_to(root / long)
    command = ["tar", f"--format={form}", "--sort=name", "-cf", "a.tar", "-C", "root", "."]
    subprocess.run(command, cwd=tmp_path, check=True)
    headers = {header.name: header for header in read((tmp_path / "a.tar").read_bytes())}
    assert headers["./link"].link == "t" * 90
    kinds = {headers["./hard"].kind, headers[f"./{long}"].kind}
    assert kinds == {Kind.FILE, Kind.HARDLINK}
    assert headers["./"].kind is Kind.FOLDER


def test_a_sparse_file_of_gnu_tar_is_known_as_one(tmp_path: Path) -> None:
    with (tmp_path / "holes").open("wb") as file:
        for place in range(60):
            file.seek(place * 1024**2)
            file.write(b"data")
        file.truncate(100 * 1024**2)
    (tmp_path / "z").write_text("after")
    for form in ("gnu", "posix"):
        command = ["tar", f"--format={form}", "-S", "-cf", "a.tar", "holes", "z"]
        subprocess.run(command, cwd=tmp_path, check=True)
        headers = read((tmp_path / "a.tar").read_bytes())
        if headers[0].kind is Kind.FILE:
            pytest.skip("this file system knows no holes")
        assert [(h.name, h.kind) for h in headers] == [("holes", Kind.SPARSE), ("z", Kind.FILE)]


def test_global_headers_count_for_nothing() -> None:
    out = io.BytesIO()
    more = {"path": "elsewhere", "comment": "x"}
    with tarfile.open(
        fileobj=out, mode="w", format=tarfile.PAX_FORMAT, pax_headers=more
    ) as archive:
        archive.addfile(tarfile.TarInfo("name"))
    assert [header.name for header in read(out.getvalue())] == ["name"]


def test_a_size_in_the_extended_header_counts() -> None:
    info = tarfile.TarInfo("a")
    info.pax_headers = {"size": "3"}
    data = bytearray(made(info, b"abc"))
    header = next(at for at in range(0, len(data), 512) if data[at : at + 2] == b"a\0")
    data[header + 124 : header + 136] = b"00000000000\0"
    data[header + 148 : header + 156] = b" " * 8
    total = sum(data[header : header + 512])
    data[header + 148 : header + 156] = b"%06o\0 " % total
    found = read(bytes(data))
    assert [(h.name, h.size) for h in found] == [("a", 3)]


def test_a_large_size_is_written_in_binary() -> None:
    block = bytearray(tarfile.TarInfo("big").tobuf(tarfile.GNU_FORMAT))
    block[124:136] = b"\x80" + struct.pack(">Q", 5).rjust(11, b"\0")
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    assert read(bytes(block) + b"hello".ljust(512, b"\0"))[0].size == 5


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (124, b"\xff" * 12),  # a negative size
        (124, b"\x80\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
        (124, b"0000000000x\0"),
        (124, b"00000000_10\0"),
        (124, b"-0000000010\0"),
        (124, b"00000000089\0"),
    ],
)
def test_numbers_that_make_no_sense(place: int, value: bytes) -> None:
    block = bytearray(tarfile.TarInfo("a").tobuf(tarfile.GNU_FORMAT))
    block[place : place + len(value)] = value
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    with pytest.raises(BrokenArchive, match="makes no sense"):
        read(bytes(block))


def test_a_long_name_of_a_file_of_the_old_type_that_is_cut_at_a_slash() -> None:
    info = tarfile.TarInfo("n" * 99 + "/" + "file")
    info.type = tarfile.AREGTYPE
    (found,) = read(made(info, b"abc"))
    assert (found.name, found.kind, found.size) == (info.name, Kind.FILE, 3)


def test_a_wrong_checksum() -> None:
    data = bytearray(made(tarfile.TarInfo("a")))
    data[0] ^= 1
    with pytest.raises(BrokenArchive, match="checksum"):
        read(bytes(data))


@pytest.mark.parametrize(
    "records",
    [b"5 a=\n9 x", b"0 a=b\n", b"99 a=b\n", b"7 a=bc\x00", b"5 ab\n", b"-5 a=\n", b"a", b"5 =b\n",
     b"1234567890123 a=b\n", b"19 path=with\x00a zero\n"],
)  # fmt: skip
def test_extended_headers_that_make_no_sense(records: bytes) -> None:
    info = tarfile.TarInfo("x")
    info.size, info.type = len(records), tarfile.XHDTYPE
    data = info.tobuf(tarfile.USTAR_FORMAT) + records.ljust(512, b"\0")
    with pytest.raises(BrokenArchive, match="makes no sense"):
        read(data + made(tarfile.TarInfo("a")))
