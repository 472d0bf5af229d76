"""Crates inside a Rust program that cargo-auditable built: a section of compressed JSON.

Source: cargo-auditable's PARSING.md and its JSON schema: section `.dep-v0`, zlib, an object
with `packages` that name each other by their place in the list.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

import msgspec

from vigie.model.inventory import Package, Scope
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._crates import crate, crate_url
from vigie.sources.packages.readers._executables import Executable, executables

_SECTION = ".dep-v0"
_MOST = 8 * 1024 * 1024  # the format's own advice for both sizes
_MOST_UNPACKED = 64 * 1024 * 1024


class _Crate(msgspec.Struct):
    name: str
    version: str
    source: str = "crates.io"
    kind: str = "runtime"
    dependencies: list[int] = []
    root: bool = False


class _Audit(msgspec.Struct):
    packages: list[_Crate]


class _CargoAuditable:
    name = "cargo-auditable"
    label = "cargo-auditable"
    types = frozenset({"cargo"})
    patterns: Sequence[str] = ()
    binaries = True
    installed = True

    def read(self, file: PackageFile, around: Surroundings, /) -> Iterator[Package]:  # noqa: ARG002
        """Every crate the program was built from, the program itself too: it is what is there.

        Raises ValueError when the section is there and cannot be read.
        """
        for program in executables(file.content):
            section = program.section(_SECTION)
            if section is not None:
                yield from _packages(_audit(program))
                return


READER = _CargoAuditable()


def _audit(program: Executable) -> _Audit:
    section = program.section(_SECTION)
    data = program.bytes_of(section, _MOST) if section else b""
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(data, _MOST_UNPACKED)
        if not unpacking.eof:
            raise ValueError(f"{_SECTION} is cut short or larger than any")
        return msgspec.json.decode(text, type=_Audit)
    except (zlib.error, msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(f"{_SECTION}: {error}") from None


def _packages(audit: _Audit) -> Iterator[Package]:
    crates = audit.packages
    asked = {number for one in crates if one.root for number in one.dependencies}
    for number, one in enumerate(crates):
        yield crate(
            one.name,
            one.version,
            direct=None if one.root else number in asked,
            scope=Scope.DEVELOPMENT if one.kind == "build" else Scope.RUNTIME,
            requires=tuple(
                crate_url(crates[at].name, crates[at].version)
                for at in dict.fromkeys(one.dependencies)
                if 0 <= at < len(crates)
            ),
        )
