"""What readers of records have in common: bounded reading, files beside, and plain refusals."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping

from vigie.model.components import Component
from vigie.model.errors import UserError
from vigie.model.inventory import Package, Scope
from vigie.model.observations import Location
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.filesystems import FileSystem
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.purls import purl
from vigie.sources.packages.readers._content import read_bytes

MOST = 64 * 1024**2  # bytes; the lock files of the largest known repositories stay under 20 MiB
_BESIDE = 4 * 1024**2  # bytes of a manifest that only adds to what a lock file says
_LONGEST_NAME = 1024
_BOM = b"\xef\xbb\xbf"

# Where installed packages lie. What records they carry inside (a lock file of their authors,
# the requirements of their tests) was neither installed nor asked for.
_INSTALLED = frozenset({"node_modules", "site-packages", "dist-packages", "bower_components"})

# Ecosystems whose names hold a namespace, which a package URL keeps apart.
_WITH_NAMESPACE = frozenset({"npm", "composer", "swift", "github"})


def content_of(file: PackageFile, most: int = MOST) -> bytes:
    """The whole file without a byte order mark. Raises UserError when it is larger than `most`."""
    return read_bytes(file, most).removeprefix(_BOM)


def text_of(file: PackageFile, most: int = MOST) -> str:
    """The whole file as text. Raises UserError when it is too large or no UTF-8 text."""
    try:
        return content_of(file, most).decode("utf-8")
    except UnicodeDecodeError as error:
        raise refused(file, T("UTF-8 text"), error.reason) from None


def refused(file: PackageFile, label: object, why: str) -> UserError:
    """The error for a file that is not what its name says."""
    return UserError(T("{path} is no {label}: {why}", path=file.path, label=label, why=why))


def neighbour(path: str, name: str) -> str:
    """The path of `name` as seen from the folder of `path`: "a/b.txt", "../c" is "c".

    A name that leads out of the root, or is absolute, gives "".
    """
    if name.startswith("/") or "\\" in name or "\0" in name:
        return ""
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
    return "" if joined.startswith("..") or joined == "." else joined


def read_beside(system: FileSystem, path: str, most: int = _BESIDE) -> bytes | None:
    """A file that stands beside a record; None when it is absent, unreadable or too large."""
    if not path or system.find(path) is None:
        return None
    try:
        with system.open(path) as content:
            data = content.read(most + 1)
    except OSError:
        return None
    return data.removeprefix(_BOM) if len(data) <= most else None


def text_beside(file: PackageFile, around: Surroundings, name: str) -> str:
    """The text of `name` in the same folder; "" when there is none that can be read."""
    data = read_beside(around.system, neighbour(file.path, name))
    return data.decode("utf-8", "replace") if data else ""


def is_inside_installed(path: str) -> bool:
    """True for a record inside an installed package, which speaks for that package's authors."""
    return not _INSTALLED.isdisjoint(path.split("/")[:-1])


def package_url(type_: str, name: str, version: str = "", **qualifiers: str) -> str:
    """The package URL of a name as its ecosystem writes it ("@scope/name", "vendor/name")."""
    namespace, _, last = name.rpartition("/") if type_ in _WITH_NAMESPACE else ("", "", name)
    return purl(type_, namespace, last, version, **qualifiers)


def package(
    type_: str,
    name: str,
    version: str = "",
    *,
    line: int | None = None,
    direct: bool | None = None,
    scope: Scope = Scope.UNKNOWN,
    licences: Iterable[str] = (),
    requires: Iterable[str] = (),
    **qualifiers: str,
) -> Package:
    """One package; `line` is where its entry stands in the record, counted from 1.

    Raises ValueError for a name that no ecosystem would have.
    """
    if not name or len(name) > _LONGEST_NAME or len(version) > _LONGEST_NAME:
        raise ValueError("it names a package that cannot be one")
    component = Component(
        name=name,
        version=version,
        type=type_,
        purl=package_url(type_, name, version, **qualifiers),
        licences=tuple(licences),
        direct=direct,
    )
    place = Location(start_line=line)
    return Package(component, place, scope, requires=tuple(dict.fromkeys(requires)))


def unpinned(file: PackageFile, count: int) -> Problem:
    """The note that packages without a fixed version cannot be compared with advisories."""
    return Problem(
        ProblemCode.NOTE,
        T(
            "{path} asks for {count} package without a fixed version: it cannot be assessed",
            "{path} asks for {count} packages without a fixed version: they cannot be assessed",
            path=file.path,
            count=count,
        ),
        where=file.path,
        hint=T("Pin the versions, or scan the lock file or what is installed."),
    )


def spread_scopes(
    graph: Mapping[str, Iterable[str]], roots: Iterable[tuple[Scope, Iterable[str]]]
) -> dict[str, Scope]:
    """The scope of everything that the roots reach, the first root that reaches it winning."""
    scopes: dict[str, Scope] = {}
    for scope, names in roots:
        waiting = [name for name in names if name not in scopes]
        while waiting:
            name = waiting.pop()
            if name in scopes:
                continue
            scopes[name] = scope
            waiting.extend(asked for asked in graph.get(name, ()) if asked not in scopes)
    return scopes
