"""Alpine packages as apk's database of what is installed has them.

Source: the apk specification (apk-package(5), apk-v2 installed database): one letter a field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from vigie.model.inventory import Package
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._content import MIB, read_text
from vigie.sources.packages.readers._systems import Record, system_package

_MOST = 64 * MIB  # fifty thousand packages
# Package, version, architecture, origin, licence, dependencies, what it provides.
_WANTED = frozenset("PVAoLDp")
_CONSTRAINT = re.compile(r"[<>=~]")

_Fields = Mapping[str, str]


class _Apk:
    name = "apk"
    label = "apk"
    types = frozenset({"apk"})
    patterns: Sequence[str] = ("/lib/apk/db/installed", "/usr/lib/apk/db/installed")
    binaries = False
    installed = True

    def read(self, file: PackageFile, around: Surroundings, /) -> Iterator[Package | Problem]:
        records = list(_records(read_text(file, _MOST)))
        providers = _providers(fields for _, fields in records)
        for line, fields in records:
            if fields.get("P") and fields.get("V"):
                yield system_package(_record(line, fields, providers), around, file.path)
            else:
                yield Problem(
                    ProblemCode.RECORD, T("line {line} is not as apk writes it", line=line)
                )


READER = _Apk()


def _records(text: str) -> Iterator[tuple[int, _Fields]]:
    fields: dict[str, str] = {}
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            if fields:
                yield start, fields
                fields = {}
            continue
        letter, colon, value = line[:1], line[1:2], line[2:]
        if not fields:
            start = number
        if not fields or (colon == ":" and letter in _WANTED):
            fields.setdefault(letter, value.strip())
    if fields:
        yield start, fields


def _providers(records: Iterator[_Fields]) -> Mapping[str, str]:
    """Which package provides a name: itself, a library ("so:libz.so.1") or a command."""
    found: dict[str, str] = {}
    for fields in records:
        name = fields.get("P", "")
        found[name] = name
        for provided in fields.get("p", "").split():
            found.setdefault(_CONSTRAINT.split(provided)[0], name)
    return found


def _record(line: int, fields: _Fields, providers: Mapping[str, str]) -> Record:
    name = fields["P"]
    origin = fields.get("o", "")
    wanted = (_CONSTRAINT.split(one)[0] for one in fields.get("D", "").split())
    requires = dict.fromkeys(providers[one] for one in wanted if one in providers)
    licence = fields.get("L", "")
    return Record(
        type="apk",
        name=name,
        version=fields["V"],
        line=line,
        arch=fields.get("A", ""),
        source_name=origin,
        upstream=origin if origin != name else "",
        licences=(licence,) if licence else (),
        requires=tuple(one for one in requires if one != name),
    )
