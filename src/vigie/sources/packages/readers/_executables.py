"""Where the sections of a program lie: ELF, Mach-O (also fat) and PE, by their headers alone.

Own code and no library: what is wanted is one section by its name and bytes by their address,
in three formats, in milliseconds whatever the size of the program. pyelftools reads ELF only
and builds an object a structure.

Sources: the ELF gABI (elf(5)), Apple's <mach-o/loader.h> and <mach-o/fat.h>, Microsoft's PE
and COFF specification.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_MOST_SECTIONS = 65_536
_MOST_NAMES = 4 * 1024 * 1024  # bytes of section names
_MOST_COMMANDS = 1024 * 1024  # bytes of load commands
_MOST_PICTURES = 16  # architectures of a fat program


@dataclass(frozen=True, slots=True)
class Region:
    """A section or a segment: `size` bytes of the file from `offset` on, loaded at `address`.

    `writable` for data that a program may change.
    """

    name: str
    address: int
    offset: int
    size: int
    writable: bool = False


@dataclass(frozen=True, slots=True)
class Executable:
    """A program by its headers: `form` is "elf", "pe" or "mach-o", `loaded` are the regions
    that addresses lead to."""

    form: str
    content: BinaryIO
    sections: tuple[Region, ...]
    loaded: tuple[Region, ...]

    def section(self, name: str) -> Region | None:
        return next((one for one in self.sections if one.name == name), None)

    def bytes_of(self, region: Region, most: int) -> bytes:
        """The first `most` bytes of a region; fewer when the file ends before."""
        return _some(self.content, region.offset, min(region.size, most))

    def bytes_at(self, address: int, size: int) -> bytes:
        """`size` bytes from a virtual address on. Raises ValueError where nothing is loaded."""
        for region in self.loaded:
            inside = address - region.address
            if 0 <= inside < region.size:
                return _some(self.content, region.offset + inside, min(size, region.size - inside))
        raise ValueError("an address leads outside of the program")


def executables(content: BinaryIO) -> Iterator[Executable]:
    """The program in a file: one, several in a fat Mach-O file, none when it is no program or
    its headers are broken."""
    try:
        yield from _executables(content)
    except (struct.error, ValueError, OverflowError):
        return


def _executables(content: BinaryIO) -> Iterator[Executable]:
    content.seek(0)
    start = content.read(64)
    if len(start) < 64:
        return  # shorter than the header of any program
    if start.startswith(b"\x7fELF"):
        yield _elf(content, start)
    elif start.startswith(b"MZ"):
        yield _pe(content, start)
    elif start[:4] in (b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf"):
        for offset in _pictures(content, start):
            yield _macho(content, offset)
    elif start[:4] in _MACHO:
        yield _macho(content, 0)


def _read(content: BinaryIO, offset: int, size: int) -> bytes:
    data = _some(content, offset, size)
    if len(data) < size:
        raise ValueError("it is cut short")
    return data


def _some(content: BinaryIO, offset: int, size: int) -> bytes:
    """What there is of `size` bytes from `offset` on. A file refuses to be sought too far."""
    if not 0 <= offset < content.seek(0, 2):
        return b""
    content.seek(offset)
    return content.read(size)


# -- ELF


def _elf(content: BinaryIO, start: bytes) -> Executable:
    wide, order = start[4] == 2, ">" if start[5] == 2 else "<"
    if wide:
        header = struct.unpack_from(f"{order}HHIQQQIHHHHHH", start, 16)
        section = struct.Struct(f"{order}IIQQQQ24x")
    else:
        header = struct.unpack_from(f"{order}HHIIIIIHHHHHH", start, 16)
        section = struct.Struct(f"{order}IIIIII16x")
    programs, sections = header[4], header[5]
    program_size, program_count, section_size, section_count, names = header[8:13]
    loaded = _elf_segments(content, order, wide, (programs, program_size, program_count))
    if not sections or section_size != section.size or not section_count:
        return Executable("elf", content, (), loaded)
    table = _read(content, sections, section_size * section_count)
    rows = list(section.iter_unpack(table))
    named = rows[names] if names < len(rows) else None
    text = _read(content, named[4], min(named[5], _MOST_NAMES)) if named else b""
    found = tuple(
        Region(_name(text, name), address, offset, size, bool(flags & 1))
        for name, kind, flags, address, offset, size in rows
        if kind != 8  # SHT_NOBITS has no bytes in the file
    )
    return Executable("elf", content, found, loaded)


def _elf_segments(
    content: BinaryIO, order: str, wide: bool, table: tuple[int, int, int]
) -> tuple[Region, ...]:
    offset, size, count = table
    form = struct.Struct(f"{order}IIQQQQ16x" if wide else f"{order}IIIIIIII")
    if not offset or size != form.size or not count:
        return ()
    found = []
    for row in form.iter_unpack(_read(content, offset, size * count)):
        if wide:
            kind, flags, at, address, _, length = row
        else:
            kind, at, address, _, length, _, flags, _ = row
        if kind == 1:  # PT_LOAD
            found.append(Region("", address, at, length, flags & 3 == 2))
    return tuple(found)


def _name(text: bytes, at: int) -> str:
    end = text.find(b"\0", at, at + 256)
    return text[at:end].decode("ascii", "replace") if 0 <= at < end else ""


# -- PE


def _pe(content: BinaryIO, start: bytes) -> Executable:
    (at,) = struct.unpack_from("<I", start, 60)
    head = _read(content, at, 24)
    if head[:4] != b"PE\0\0":
        raise ValueError("a program for DOS")
    count, optional = struct.unpack_from("<H", head, 6)[0], struct.unpack_from("<H", head, 20)[0]
    image = _image_base(_read(content, at + 24, optional))
    form = struct.Struct("<8sIIII12xI")
    found = []
    for name, length, address, size, offset, flags in form.iter_unpack(
        _read(content, at + 24 + optional, form.size * count)
    ):
        # Bytes beyond the file's share are zeros that the loader adds.
        found.append(
            Region(
                name.rstrip(b"\0").decode("ascii", "replace"),
                image + address,
                offset,
                min(size, length) if length else size,
                flags & 0xE0000000 == 0xC0000000,  # read and write, not execute
            )
        )
    return Executable("pe", content, tuple(found), tuple(found))


def _image_base(optional: bytes) -> int:
    if optional[:2] == b"\x0b\x02":
        return int(struct.unpack_from("<Q", optional, 24)[0])
    return int(struct.unpack_from("<I", optional, 28)[0])


# -- Mach-O

# Byte order and width by the first four bytes.
_MACHO = {
    b"\xcf\xfa\xed\xfe": ("<", True),
    b"\xfe\xed\xfa\xcf": (">", True),
    b"\xce\xfa\xed\xfe": ("<", False),
    b"\xfe\xed\xfa\xce": (">", False),
}


def _pictures(content: BinaryIO, start: bytes) -> list[int]:
    """Where each architecture's program begins. A Java class begins with the same bytes: what
    stands there as its version is more than any fat program's number of architectures."""
    (count,) = struct.unpack_from(">I", start, 4)
    if not 0 < count <= _MOST_PICTURES:
        raise ValueError("not a fat program")
    form = struct.Struct(">8xQQ8x" if start[3] == 0xBF else ">8xII4x")
    return [offset for offset, _ in form.iter_unpack(_read(content, 8, form.size * count))]


def _macho(content: BinaryIO, base: int) -> Executable:
    start = _read(content, base, 32)
    order, wide = _MACHO.get(start[:4], ("", False))
    if not order:
        raise ValueError("not a program")
    count, length = struct.unpack_from(f"{order}II", start, 16)
    if length > _MOST_COMMANDS:
        raise ValueError("more load commands than any program has")
    commands = _read(content, base + (32 if wide else 28), length)
    sections: list[Region] = []
    loaded: list[Region] = []
    at = 0
    for _ in range(min(count, _MOST_SECTIONS)):
        kind, size = struct.unpack_from(f"{order}II", commands, at)
        if size < 8:
            raise ValueError("a load command without a length")
        if kind == (0x19 if wide else 0x1):  # LC_SEGMENT_64, LC_SEGMENT
            _macho_segment(commands[at : at + size], order, wide, base, (sections, loaded))
        at += size
        if len(sections) > _MOST_SECTIONS:
            raise ValueError("more sections than any program has")
    return Executable("mach-o", content, tuple(sections), tuple(loaded))


def _macho_segment(
    command: bytes, order: str, wide: bool, base: int, found: tuple[list[Region], list[Region]]
) -> None:
    sections, loaded = found
    form = struct.Struct(f"{order}8x16s{'QQQQ' if wide else 'IIII'}IIII")
    name, address, _, offset, size, most, now, count, _ = form.unpack_from(command)
    writable = most == now == 3  # read and write
    if not name.startswith(b"__PAGEZERO"):
        loaded.append(Region("", address, base + offset, size, writable))
    section = struct.Struct(f"{order}16s16s{'QQI28x' if wide else 'III24x'}")
    for number in range(min(count, len(command) // section.size)):
        row = section.unpack_from(command, form.size + number * section.size)
        own = row[0].rstrip(b"\0").decode("ascii", "replace")
        sections.append(Region(own, row[2], base + row[4], row[3], writable))
