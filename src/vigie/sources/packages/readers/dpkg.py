"""Debian packages as dpkg records them: one status file, or one a package in distroless images.

Sources: deb822(5), dpkg-query(1) for the states, deb-src-control for `Source`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vigie.model.inventory import Package
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._content import MIB, read_text
from vigie.sources.packages.readers._systems import Record, system_package

_MOST = 64 * MIB  # fifty thousand packages
_WANTED = frozenset(
    {"package", "status", "version", "source", "architecture", "depends", "pre-depends"}
)
# Files are there in these states; the second set stopped half way.
_WHOLE = frozenset({"installed", "triggers-awaited", "triggers-pending"})
_HALF = frozenset({"unpacked", "half-configured", "half-installed"})
_GONE = frozenset({"not-installed", "config-files"})
_SOURCE = re.compile(r"(?P<name>\S+)(?:\s+\((?P<version>[^)]+)\))?")
_DEPENDENCY = re.compile(r"\s*([a-z0-9][a-z0-9+.-]*)")
_NAMED = 5  # names that a sentence lists before it says "and others"


@dataclass(frozen=True, slots=True)
class _Stanza:
    line: int
    fields: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")


class _Dpkg:
    name = "dpkg"
    label = "dpkg"
    types = frozenset({"deb"})
    patterns: Sequence[str] = ("/var/lib/dpkg/status", "/var/lib/dpkg/status.d/*")
    binaries = False
    installed = True

    def read(self, file: PackageFile, around: Surroundings, /) -> Iterator[Package | Problem]:
        """Installed packages; those that were left half installed are there too, and a note."""
        if file.path.endswith(".md5sums"):
            return  # distroless keeps the sums of each package's files beside its record
        half: list[str] = []
        for stanza in _stanzas(read_text(file, _MOST)):
            if isinstance(stanza, Problem):
                yield stanza
                continue
            state = _state(stanza)
            if state in _GONE:
                continue
            if not stanza["package"] or not stanza["version"]:
                yield _broken(stanza.line)
                continue
            if state in _HALF:
                half.append(stanza["package"])
            elif state not in _WHOLE:
                yield _broken(stanza.line)
            yield system_package(_record(stanza), around, file.path)
        if half:
            yield _half_installed(half)


READER = _Dpkg()


def _stanzas(text: str) -> Iterator[_Stanza | Problem]:
    fields: dict[str, str] = {}
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            if fields:
                yield _Stanza(start, fields)
                fields = {}
        elif line[0] in " \t":
            continue  # a field that goes on: none of ours does
        else:
            name, colon, value = line.partition(":")
            if not colon:
                yield _broken(number)
                continue
            if not fields:
                start = number
            name = name.lower()
            # Any field opens a stanza, so that one without a name is seen.
            if name in _WANTED or not fields:
                fields.setdefault(name, value.strip())
    if fields:
        yield _Stanza(start, fields)


def _state(stanza: _Stanza) -> str:
    """The third word of "install ok installed"; a record without a status is of a package that
    was put there by other means than dpkg, and is there."""
    status = stanza["status"].split()
    return status[-1] if status else "installed"


def _record(stanza: _Stanza) -> Record:
    name, version = stanza["package"], stanza["version"]
    said = _SOURCE.match(stanza["source"])
    source = said["name"] if said else name
    source_version = (said["version"] if said else "") or version
    upstream = ""
    if source_version != version:
        upstream = f"{source}@{source_version}"
    elif source != name:
        upstream = source
    return Record(
        type="deb",
        name=name,
        version=version,
        line=stanza.line,
        arch=stanza["architecture"],
        source_name=source,
        source_version=source_version,
        upstream=upstream,
        requires=_required(stanza["pre-depends"], stanza["depends"]),
    )


def _required(*fields: str) -> tuple[str, ...]:
    """Names of packages; of alternatives the first, which is the one that is preferred."""
    found = (_DEPENDENCY.match(one) for field in fields for one in field.split(","))
    return tuple(dict.fromkeys(match[1] for match in found if match))


def _broken(line: int) -> Problem:
    return Problem(ProblemCode.RECORD, T("line {line} is not as dpkg writes it", line=line))


def _half_installed(names: Sequence[str]) -> Problem:
    shown = ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
    return Problem(
        ProblemCode.NOTE,
        T(
            "{count} package is only half installed: {names}",
            "{count} packages are only half installed: {names}",
            count=len(names),
            names=shown,
        ),
        hint=T("Finish it with `dpkg --configure -a`."),
    )
