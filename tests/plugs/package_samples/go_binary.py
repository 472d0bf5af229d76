"""Programs with build information in both forms, in every format."""

from __future__ import annotations

import struct

from tests.plugs.package_samples.programs import elf, fat, macho, pe

_MAGIC = b"\xff Go buildinf:"
_MODULES = """\
path	example.org/shop/cmd
mod	example.org/shop	(devel)
dep	example.org/Text	v0.3.7	h1:aaaa=
dep	example.org/fork	v1.0.0
=>	example.org/better/fork	v1.0.1	h1:bbbb=
dep	example.org/own	v0.0.0
=>	../own	(devel)
build	-compiler=gc
build	-ldflags="-s -X main.version=v2.3.4"
"""


def _framed(modules: str) -> bytes:
    return b"0" * 16 + modules.encode() + b"1" * 16


def _counted(text: bytes) -> bytes:
    number, size = len(text), b""
    while number >= 0x80:
        size += bytes([number & 0x7F | 0x80])
        number >>= 7
    return size + bytes([number]) + text


def inline(go: str, modules: str) -> bytes:
    """Build information as Go writes it since 1.18."""
    return (
        (_MAGIC + bytes([8, 2])).ljust(32, b"\0")
        + _counted(go.encode())
        + _counted(_framed(modules))
    )


def pointed(go: str, modules: str, address: int, order: str = "<") -> bytes:
    """Build information as Go wrote it before: pointers to strings, here right behind them."""
    text = _framed(modules)
    big = 0 if order == "<" else 1
    head = _MAGIC + bytes([8, big]) + struct.pack(f"{order}QQ", address + 32, address + 48)
    strings = struct.pack(f"{order}QQQQ", address + 64, len(go), address + 64 + len(go), len(text))
    return head + strings + go.encode() + text


_WANTED = [
    ("pkg:golang/example.org/shop@v2.3.4", "v2.3.4"),
    ("pkg:golang/example.org/text@v0.3.7", "v0.3.7"),
    ("pkg:golang/example.org/better/fork@v1.0.1", "v1.0.1"),
    ("pkg:golang/example.org/own", ""),
]
_NEW = inline("go1.22.4 X:boringcrypto", _MODULES)
_AT = 0x400000 + 64 + 56 + 8  # elf() puts a section there; 8 bytes later is a multiple of 16
_PROGRAMS = {
    "usr/bin/shop": (elf(".go.buildinfo", bytes(8) + _NEW), "1.22.4"),
    "usr/bin/big": (elf(".go.buildinfo", bytes(8) + _NEW, ">"), "1.22.4"),
    "usr/bin/old": (elf(".go.buildinfo", bytes(8) + pointed("go1.17", _MODULES, _AT)), "1.17"),
    "usr/bin/old-big": (
        elf(".go.buildinfo", bytes(8) + pointed("go1.13.15", _MODULES, _AT, ">"), ">"),
        "1.13.15",
    ),
    "app/shop.exe": (pe(".data", bytes(48) + _NEW), "1.22.4"),
    "usr/bin/shop-mac": (macho("__go_buildinfo", _NEW), "1.22.4"),
    "usr/bin/shop-fat": (fat(macho("__go_buildinfo", _NEW)), "1.22.4"),
}

SAMPLES = [
    (
        {path: data},
        [(url, version, path) for url, version in (*_WANTED, (f"pkg:golang/stdlib@{go}", go))],
    )
    for path, (data, go) in _PROGRAMS.items()
]
