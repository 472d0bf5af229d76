"""pom.xml: versions, the properties they come from, and dependency management for the rest.

Source: Maven's POM Reference, "Dependencies", "Dependency Management", "Properties".
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from vigie.model.text import T
from vigie.outlets.patches.editors._upgrades import Tally, folder_of, sound
from vigie.outlets.patches.editors._xml import Element, parse
from vigie.ports.patches import Edit, Reader, Upgrade

_PROPERTY = re.compile(r"\$\{([^${}]+)\}")
_NUMBERS = re.compile(r"\d+|[A-Za-z]+")
_BUILT_IN = ("project.", "pom.", "revision", "env.")
_MOST_PARENTS = 10


@dataclass(slots=True)
class _Pom:
    """One file while it is edited. `changes` are (start, end, new), in bytes."""

    path: str
    data: bytes
    root: Element
    tally: Tally = field(default_factory=Tally)
    changes: dict[tuple[int, int], str] = field(default_factory=dict)
    managed: dict[str, Upgrade] = field(default_factory=dict)

    def set_here(self, name: str) -> Element | None:
        return self.root.first("properties", name)

    @property
    def dependencies(self) -> list[Element]:
        """Everywhere a version may stand."""
        found: list[Element] = []
        for home in (self.root, *self.root.all("profiles", "profile")):
            found += home.all("dependencies", "dependency")
            found += home.all("dependencyManagement", "dependencies", "dependency")
        return found


class PomXmlEditor:
    name = "pom-xml"
    label = "pom.xml"
    types = frozenset({"maven"})
    patterns = ("pom.xml",)

    def edit(self, path: str, read: Reader, upgrades: Sequence[Upgrade], /) -> Iterable[Edit]:
        """The file, and a parent of it whose property or management holds the version."""
        family = _family(path, read)
        for upgrade in sound(upgrades) if family else ():
            group, _, artifact = upgrade.name.replace("/", ":").partition(":")
            if artifact:
                _take(family, group, artifact, upgrade)
        for pom in family:
            if pom.tally.speaks:
                before = pom.data.decode("utf-8")
                yield pom.tally.edit(pom.path, before, _written(pom))


def _family(path: str, read: Reader) -> list[_Pom]:
    """The file and the parents of it that lie in the target, nearest first."""
    family: list[_Pom] = []
    while len(family) < _MOST_PARENTS:
        text = read(path)
        if text is None or any(pom.path == path for pom in family):
            break
        data = text.encode("utf-8", "surrogateescape")
        pom = _Pom(path, data, parse(path, data))
        family.append(pom)
        parent = pom.root.first("parent")
        if parent is None:
            break
        there = parent.first("relativePath")
        relative = there.text.strip() if there is not None else "../pom.xml"
        if not relative:
            break
        path = posixpath.normpath(folder_of(path) + relative)
        if not path.endswith(".xml"):
            path = posixpath.join(path, "pom.xml")
        if path.startswith(("../", "/")):
            break
    return family


def _take(family: Sequence[_Pom], group: str, artifact: str, upgrade: Upgrade) -> None:
    named = False
    for pom in family:
        for dependency in pom.dependencies:
            if _value(family, dependency.said("groupId")) != group:
                continue
            if _value(family, dependency.said("artifactId")) != artifact:
                continue
            named = True
            version = dependency.first("version")
            if version is not None and version.text.strip():
                _raise(family, pom, version, upgrade)
                if pom is not family[0]:
                    family[0].tally.done.setdefault(upgrade)
    own = family[0]
    if named and (upgrade in own.tally.done or upgrade in own.tally.left):
        return
    if named or own.path in upgrade.paths:
        # Its version comes from a parent or a BOM that is not here, or with another package.
        own.tally.done[upgrade] = None
        own.managed[f"{group}:{artifact}"] = upgrade


def _value(family: Sequence[_Pom], said: str) -> str:
    """Text with its properties filled in, as far as the files here say them."""
    for _ in range(5):
        found = _PROPERTY.search(said)
        if found is None:
            break
        name = found[1]
        if name in ("project.groupId", "pom.groupId"):
            root = family[0].root
            value = root.said("groupId") or root.said("parent", "groupId")
        else:
            value = next((p.root.said("properties", name) for p in family if p.set_here(name)), "")
        if not value:
            break
        said = said.replace(found[0], value)
    return said


def _raise(family: Sequence[_Pom], pom: _Pom, version: Element, upgrade: Upgrade) -> None:
    said = version.text.strip()
    whole = _PROPERTY.fullmatch(said)
    if whole is not None and not whole[1].startswith(_BUILT_IN):
        for home in family:
            place = home.set_here(whole[1])
            if place is not None and "${" not in place.text:
                _set(home, place, upgrade)
                if home is not pom:
                    pom.tally.done[upgrade] = None
                return
    if "${" in said:
        pom.tally.leave(
            upgrade, T("its version is made of {said}, which is not set here", said=said)
        )
        return
    _set(pom, version, upgrade)


def _set(pom: _Pom, place: Element, upgrade: Upgrade) -> None:
    key = _span(pom.data, place)
    old = pom.changes.get(key, place.text.strip())
    if old[:1] in "[(":
        pom.tally.leave(upgrade, T("a range of versions stands there: {said}", said=old))
        return
    pom.tally.done[upgrade] = None
    if _order(upgrade.version) > _order(old):
        pom.changes[key] = upgrade.version


def _span(data: bytes, place: Element) -> tuple[int, int]:
    """What is inside without the white space around it."""
    inside = data[place.start : place.end]
    start = place.start + len(inside) - len(inside.lstrip())
    return start, start + len(inside.strip())


def _order(version: str) -> list[tuple[bool, int, str]]:
    """Good enough to see which of two releases is the later one; words sort before numbers."""
    return [(p.isdigit(), int(p) if p.isdigit() else 0, p) for p in _NUMBERS.findall(version)]


def _written(pom: _Pom) -> str:
    data = pom.data
    changes = dict(pom.changes)
    if pom.managed:
        place, text = _management(pom)
        changes[place, place] = text
    for (start, end), new in sorted(changes.items(), reverse=True):
        data = data[:start] + new.encode() + data[end:]
    return data.decode("utf-8", "surrogateescape")


def _management(pom: _Pom) -> tuple[int, str]:
    """Where entries of dependency management go, and their text."""
    newline = "\r\n" if b"\r\n" in pom.data else "\n"
    unit = _indent(pom)
    home = pom.root.first("dependencyManagement", "dependencies")
    outer = home is None
    depth = 2 if home is None else 3
    entries = ""
    for name, upgrade in sorted(pom.managed.items()):
        group, _, artifact = name.partition(":")
        rows = (
            (depth + outer, "<dependency>"),
            (depth + outer + 1, f"<groupId>{escape(group)}</groupId>"),
            (depth + outer + 1, f"<artifactId>{escape(artifact)}</artifactId>"),
            (depth + outer + 1, f"<version>{escape(upgrade.version)}</version>"),
            (depth + outer, "</dependency>"),
        )
        entries += "".join(f"{unit * level}{text}{newline}" for level, text in rows)
    if home is not None:
        return _line_start(pom.data, home.end), entries
    text = (
        f"{unit}<dependencyManagement>{newline}{unit * 2}<dependencies>{newline}{entries}"
        f"{unit * 2}</dependencies>{newline}{unit}</dependencyManagement>{newline}"
    )
    before = pom.root.first("dependencies") or pom.root.first("build")
    place = before.outer if before is not None else pom.root.end
    return _line_start(pom.data, place), text


def _line_start(data: bytes, place: int) -> int:
    """The beginning of the line, when only white space stands before the place."""
    start = data.rfind(b"\n", 0, place) + 1
    return start if not data[start:place].strip() else place


def _indent(pom: _Pom) -> str:
    """One level, as the first child of the project is indented."""
    if not pom.root.children:
        return "  "
    outer = pom.root.children[0].outer
    lead = pom.data[_line_start(pom.data, outer) : outer].decode()
    return lead if lead and not lead.strip() else "  "


EDITOR = PomXmlEditor()
