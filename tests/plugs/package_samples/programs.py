"""Small programs in ELF, PE and Mach-O with one section, written here by their formats."""

from __future__ import annotations

import struct

_LEAST = 8192  # bytes; smaller files are not looked at as programs


def elf(section: str, content: bytes, order: str = "<") -> bytes:
    """A program of 64 bits whose section stands at address 0x400000 + its offset."""
    names = b"\0" + section.encode() + b"\0.shstrtab\0"
    start = 64 + 56
    at_names = start + len(content) + -len(content) % 16
    table = at_names + len(names) + -len(names) % 8
    ident = b"\x7fELF\x02" + (b"\1" if order == "<" else b"\2") + b"\1" + bytes(9)
    head = ident + struct.pack(
        f"{order}HHIQQQIHHHHHH", 2, 62, 1, 0, 64, table, 0, 64, 56, 1, 64, 3, 2
    )
    length = table + 3 * 64
    base = 0x400000
    segment = struct.pack(f"{order}IIQQQQQQ", 1, 6, 0, base, base, length, length, 4096)
    rows = [
        (0, 0, 0, 0, 0, 0),
        (1, 1, 3, base + start, start, len(content)),
        (len(section) + 2, 3, 0, 0, at_names, len(names)),
    ]
    sections = b"".join(struct.pack(f"{order}IIQQQQIIQQ", *row, 0, 0, 16, 0) for row in rows)
    body = (head + segment + content).ljust(at_names, b"\0") + names
    return (body.ljust(table, b"\0") + sections).ljust(_LEAST, b"\0")


def pe(section: str, content: bytes) -> bytes:
    """A program of 64 bits; its section is data that may be written."""
    head = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64)
    optional = b"\x0b\x02".ljust(24, b"\0") + struct.pack("<Q", 0x140000000) + bytes(208)
    coff = b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, len(optional), 0x22)
    row = struct.pack(
        "<8sIIII12xI", section.encode(), len(content), 0x1000, len(content), 1024, 0xC0000040
    )
    return ((head + coff + optional + row).ljust(1024, b"\0") + content).ljust(_LEAST, b"\0")


def macho(section: str, content: bytes, order: str = "<") -> bytes:
    """A program of 64 bits with one segment of data."""
    start = 1024
    row = struct.pack(
        f"{order}16s16sQQI28x", section.encode(), b"__DATA", 0x100000400, len(content), start
    )
    command = struct.pack(
        f"{order}II16sQQQQIIII", 0x19, 72 + len(row), b"__DATA", 0x100000000, _LEAST, 0, _LEAST,
        3, 3, 1, 0,
    ) + row  # fmt: skip
    head = struct.pack(f"{order}IIIIIIII", 0xFEEDFACF, 0x0100000C, 0, 2, 1, len(command), 0, 0)
    return ((head + command).ljust(start, b"\0") + content).ljust(_LEAST, b"\0")


def fat(program: bytes) -> bytes:
    """A Mach-O file of one architecture in the form that holds several."""
    head = struct.pack(">IIIIIII", 0xCAFEBABE, 1, 0x0100000C, 0, 4096, len(program), 12)
    return head.ljust(4096, b"\0") + program
