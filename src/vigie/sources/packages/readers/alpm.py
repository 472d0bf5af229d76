"""Arch Linux packages as pacman's local database has them: one folder a package.

Source: alpm-db-desc(5), versions 1 and 2: a "%NAME%" line, its values, an empty line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from vigie.model.inventory import Package
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._content import MIB, read_text
from vigie.sources.packages.readers._systems import Record, system_package

_MOST = 4 * MIB
_CONSTRAINT = re.compile(r"[<>=:]")


class _Alpm:
    name = "alpm"
    label = "pacman"
    types = frozenset({"alpm"})
    patterns: Sequence[str] = ("/var/lib/pacman/local/*/desc",)
    binaries = False
    installed = True

    def read(self, file: PackageFile, around: Surroundings, /) -> Iterator[Package]:
        sections = _sections(read_text(file, _MOST))
        name, version = _one(sections, "NAME"), _one(sections, "VERSION")
        if not name or not version:
            raise ValueError("it has no name or no version")
        base = _one(sections, "BASE")
        record = Record(
            type="alpm",
            name=name,
            version=version,
            arch=_one(sections, "ARCH"),
            source_name=base,
            upstream=base if base != name else "",
            licences=tuple(sections.get("LICENSE", ())),
            requires=tuple(_CONSTRAINT.split(one)[0] for one in sections.get("DEPENDS", ())),
        )
        yield system_package(record, around, file.path)


READER = _Alpm()


def _sections(text: str) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    values: list[str] = []
    for line in text.splitlines():
        if len(line) > 2 and line[0] == line[-1] == "%":
            values = found.setdefault(line.strip("%"), [])
        elif line:
            values.append(line)
    return found


def _one(sections: Mapping[str, list[str]], name: str) -> str:
    return next(iter(sections.get(name, ())), "")
