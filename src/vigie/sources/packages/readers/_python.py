"""What the readers of Python's records share: names, requirements, what a project asks for.

Source: PyPA specifications, "Dependency specifiers", "Names and normalization",
"pyproject.toml", "Dependency groups".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from vigie.model.inventory import Scope
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._records import text_beside
from vigie.sources.packages.readers._toml_tables import load_toml, table_at

_DASHES = re.compile(r"[-_.]+")
_REQUIREMENT = re.compile(
    r"^(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*+"
    r"(?:\[[^\[\]]*+\])?\s*+"
    r"(?:@\s*+(?P<url>[^\s;]\S*+)|\(?(?P<specifier>(?:[<>=!~][^;()]*+)?)\)?)?\s*+"
    r"(?:;(?P<marker>.*))?$",
    re.DOTALL,
)
_CLAUSE = re.compile(r"^(?:={2,3}|[~!<>]=|[<>])\s*[^\s,<>=!~]+$")
_PIN = re.compile(r"^={2,3}\s*([^\s,*]+)$")
_WHEEL = re.compile(r"^([\w.]+)-(\d[\w.!+]*)(?:-\d\w*)?-[\w.]+-[\w.]+-[\w.]+\.whl$")
_SDIST = re.compile(r"^([\w.-]+?)-v?(\d[\w.!+]*)\.(?:tar\.gz|tgz|tar\.bz2|zip)$")
_VCS = ("git+", "hg+", "svn+", "bzr+")
_CREDENTIALS = re.compile(r"//[^/@\s:]*:[^/@\s]*@")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement. `version` is "" unless it is pinned to one; `url` "" unless direct."""

    name: str
    version: str = ""
    url: str = ""
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a project asks for itself: normalised names by the scope they are asked for in."""

    known: bool = False
    names: dict[str, Scope] = field(default_factory=dict)

    def direct(self, name: str) -> bool | None:
        """True for a name that the project asks for; None when nobody said what it asks for."""
        return normal(name) in self.names if self.known else None

    def roots(self) -> list[tuple[Scope, list[str]]]:
        """The names by scope, the strongest scope first."""
        order = (Scope.RUNTIME, Scope.OPTIONAL, Scope.DEVELOPMENT)
        return [(s, [name for name, own in self.names.items() if own is s]) for s in order]


def normal(name: str) -> str:
    """A project's name as comparisons want it: "Foo_Bar.baz" is "foo-bar-baz"."""
    return _DASHES.sub("-", name).lower()


def parse_requirement(text: str) -> Requirement | None:
    """A dependency specifier; None when it is none."""
    found = _REQUIREMENT.match(text.strip())
    if found is None:
        return None
    specifier = (found["specifier"] or "").strip()
    if specifier and not all(
        _CLAUSE.match(part.strip()) for part in specifier.rstrip(", ").split(",")
    ):
        return None
    url, marker = found["url"] or "", (found["marker"] or "").strip()
    version = pinned(specifier) or (version_of_file(url) if url else "")
    return Requirement(found["name"], version, url, marker)


def pinned(specifier: str) -> str:
    """The version that a specifier allows alone: "==1.0" is "1.0", "==1.*" and ">=1" are ""."""
    pins = [pin[1] for part in specifier.split(",") if (pin := _PIN.match(part.strip()))]
    return pins[0] if pins else ""


def file_of_url(url: str) -> str:
    """The file's name at the end of an address or a path."""
    return url.partition("#")[0].partition("?")[0].rpartition("/")[2]


def version_of_file(url: str) -> str:
    """The version in the name of a wheel or a source archive; "" when it is neither."""
    return name_of_file(url)[1]


def name_of_file(url: str) -> tuple[str, str]:
    """Project and version in the name of a wheel or a source archive, else two empty texts."""
    name = file_of_url(url)
    found = _WHEEL.match(name) or _SDIST.match(name)
    return (found[1].replace("_", "-"), found[2]) if found else ("", "")


def origin(url: str) -> dict[str, str]:
    """The purl qualifier for where a direct reference leads, without credentials."""
    address = _CREDENTIALS.sub("//", url.partition("#")[0])
    if address.startswith(_VCS):
        return {"vcs_url": address}
    return {"download_url": address} if address.startswith(("http://", "https://")) else {}


def asked_by_project(file: PackageFile, around: Surroundings) -> Asked:
    """What the pyproject.toml beside a lock file asks for, as PEP 621 and Poetry write it."""
    text = text_beside(file, around, "pyproject.toml")
    try:
        root = load_toml(text) if text else None
    except (ValueError, RecursionError):
        root = None
    if root is None:
        return Asked()
    return asked_by(_named_by(root))


def asked_by(named: Iterable[tuple[Scope, str]]) -> Asked:
    """The names with the strongest scope of each."""
    names: dict[str, Scope] = {}
    order = (Scope.DEVELOPMENT, Scope.OPTIONAL, Scope.RUNTIME)
    for scope, name in named:
        key = normal(name)
        if key not in names or order.index(scope) > order.index(names[key]):
            names[key] = scope
    return Asked(True, names)


def _named_by(root: dict[str, Any]) -> Iterator[tuple[Scope, str]]:
    project = table_at(root, "project")
    yield from _listed(Scope.RUNTIME, project.get("dependencies"))
    for extra in table_at(project, "optional-dependencies").values():
        yield from _listed(Scope.OPTIONAL, extra)
    for group in table_at(root, "dependency-groups").values():
        yield from _listed(Scope.DEVELOPMENT, group)
    for group in table_at(root, "tool", "pdm", "dev-dependencies").values():
        yield from _listed(Scope.DEVELOPMENT, group)
    yield from _listed(Scope.DEVELOPMENT, table_at(root, "tool", "uv").get("dev-dependencies"))
    poetry = table_at(root, "tool", "poetry")
    for name, said in table_at(poetry, "dependencies").items():
        if name != "python":
            optional = isinstance(said, dict) and said.get("optional") is True
            yield Scope.OPTIONAL if optional else Scope.RUNTIME, name
    for name in table_at(poetry, "dev-dependencies"):
        yield Scope.DEVELOPMENT, name
    for name, group in table_at(poetry, "group").items():
        scope = Scope.RUNTIME if name == "main" else Scope.DEVELOPMENT
        for asked in table_at(group, "dependencies"):
            yield scope, asked


def _listed(scope: Scope, said: Any) -> Iterator[tuple[Scope, str]]:
    for text in said if isinstance(said, list) else ():
        found = parse_requirement(text) if isinstance(text, str) else None
        if found is not None:
            yield scope, found.name
