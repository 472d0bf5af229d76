"""pip's requirements files, with what they include.

Source: pip documentation, "Requirements File Format"; pip-tools and uv for the "via" comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from vigie.model.inventory import Package, Scope
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._python import (
    Requirement,
    name_of_file,
    normal,
    origin,
    parse_requirement,
)
from vigie.sources.packages.readers._records import (
    is_inside_installed,
    neighbour,
    package,
    package_url,
    read_beside,
    text_of,
    unpinned,
)
from vigie.sources.packages.readers._requirements_lines import Line, logical_lines

_MOST = 8 * 1024**2  # bytes
_MOST_FILES = 100
_DEVELOPMENT = re.compile(
    r"(?:^|[-_./])(?:dev|develop|development|test|tests|testing|lint|docs?|ci|typing)(?=[-_./]|$)"
)
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9][\w.-]*)")
_OPTION = re.compile(r"\s--?[A-Za-z][\w-]*.*$", re.DOTALL)


@dataclass(slots=True)
class _Asked:
    """One requirement of one file."""

    found: Requirement
    path: str
    line: Line


@dataclass(slots=True)
class _Reading:
    """What a file and its includes hold so far."""

    asked: list[_Asked] = field(default_factory=list)
    pins: dict[str, tuple[str, str, int]] = field(default_factory=dict)  # constraints
    seen: set[str] = field(default_factory=set)
    absent: list[tuple[str, str]] = field(default_factory=list)
    strange: dict[str, int] = field(default_factory=dict)


class _RequirementsTxt:
    name = "requirements-txt"
    label = "pip requirements files"
    types = frozenset({"pypi"})
    patterns: Sequence[str] = ("*requirements*.txt", "requirements/*.txt")
    binaries = False
    installed = False

    def read(self, file: PackageFile, around: Surroundings) -> Iterator[Package | Problem]:
        """What it and the files it includes ask for. What is not pinned has no version."""
        if is_inside_installed(file.path):
            return
        reading = _Reading()
        _read_text(text_of(file, _MOST), file.path, reading, around)
        if reading.strange.get(file.path, 0) > len(reading.asked):
            return  # a text of another kind that happens to be called so
        yield from _packages(file, reading)
        yield from _problems(reading)


def _read_text(
    text: str, path: str, reading: _Reading, around: Surroundings, *, pins: bool = False
) -> None:
    """Take up one file. `pins` True for a constraints file, which asks for nothing itself."""
    waiting = [(text, path, pins)]
    reading.seen.add(path)
    while waiting:
        text, path, pins = waiting.pop()
        for line in logical_lines(text):
            option, value = _option(line.text)
            if option in ("-r", "-c"):
                target = neighbour(path, value)
                if target in reading.seen or len(reading.seen) >= _MOST_FILES:
                    continue
                data = read_beside(around.system, target, _MOST)
                if data is None:
                    reading.absent.append((path, value))
                    continue
                reading.seen.add(target)
                waiting.append((data.decode("utf-8", "replace"), target, pins or option == "-c"))
            elif option in ("", "-e"):
                _take(value if option else line.text, line, path, reading, pins=pins)


def _option(text: str) -> tuple[str, str]:
    """The short name of a line's option and its value; "" for a requirement."""
    if not text.startswith("-"):
        return "", ""
    for names, short in (
        (("--requirement", "-r"), "-r"),
        (("--constraint", "-c"), "-c"),
        (("--editable", "-e"), "-e"),
    ):
        for name in names:
            rest = text.removeprefix(name)
            if rest != text and (not name.startswith("--") or rest[:1] in "= \t"):
                return short, rest.lstrip("= \t").strip("\"'")
    return text, ""


def _take(text: str, line: Line, path: str, reading: _Reading, *, pins: bool) -> None:
    plain = _OPTION.sub("", f" {text}").strip()
    found = _direct_reference(plain) or parse_requirement(plain)
    if found is None:
        reading.strange[path] = reading.strange.get(path, 0) + 1
    elif not found.name:
        return  # a folder of this machine: the project's own code
    elif pins:
        if found.version:
            reading.pins.setdefault(normal(found.name), (found.version, path, line.number))
    else:
        reading.asked.append(_Asked(found, path, line))


def _direct_reference(text: str) -> Requirement | None:
    """A requirement that is only an address or a path; its name is "" when it has none."""
    plain, _, marker = text.partition(" ;")
    is_address = re.match(r"^[a-z][a-z0-9+.-]*://|^(?:git|hg|svn|bzr)\+", plain) is not None
    is_path = plain.startswith((".", "/", "~")) or plain.endswith((".whl", ".tar.gz", ".zip"))
    if " @ " in plain or not (is_address or is_path):
        return None
    name, version = name_of_file(plain)
    if egg := _EGG.search(plain):
        name = egg[1]
    return Requirement(name, version, plain if is_address else "", marker.strip())


def _packages(file: PackageFile, reading: _Reading) -> Iterator[Package | Problem]:
    names = {normal(one.found.name): one for one in reading.asked}
    needs: dict[str, list[str]] = {}
    for one in reading.asked:
        for source in one.line.via():
            needs.setdefault(normal(source), []).append(_url(one, reading))
    loose = 0
    for one in reading.asked:
        version, path, number = _pinned(one, reading)
        loose += not version and not one.found.url
        sources = one.line.via()
        made = package(
            "pypi",
            one.found.name,
            version,
            line=number,
            direct=any(normal(s) not in names for s in sources) if sources else None,
            scope=Scope.DEVELOPMENT if _DEVELOPMENT.search(path.lower()) else Scope.UNKNOWN,
            requires=needs.get(normal(one.found.name), ()),
            **origin(one.found.url),
        )
        yield replace(made, location=replace(made.location, path=path))
    if loose:
        yield unpinned(file, loose)


def _pinned(one: _Asked, reading: _Reading) -> tuple[str, str, int]:
    """Version and place of the pin: the requirement's own or that of a constraint."""
    if not one.found.version and not one.found.url:
        found = reading.pins.get(normal(one.found.name))
        if found is not None:
            return found
    return one.found.version, one.path, one.line.number


def _url(one: _Asked, reading: _Reading) -> str:
    return package_url("pypi", one.found.name, _pinned(one, reading)[0])


def _problems(reading: _Reading) -> Iterator[Problem]:
    for path, name in reading.absent:
        yield Problem(
            ProblemCode.RECORD,
            T("{path} includes {name}, which is not there", path=path, name=name),
            where=path,
        )
    for path, count in reading.strange.items():
        yield Problem(
            ProblemCode.RECORD,
            T(
                "{path}: {count} line is no requirement and was passed over",
                "{path}: {count} lines are no requirements and were passed over",
                path=path,
                count=count,
            ),
            where=path,
        )


READER = _RequirementsTxt()
