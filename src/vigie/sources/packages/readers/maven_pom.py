"""Maven artefacts that a pom.xml asks for, with versions from its properties, its managed
dependencies and its parents in the same tree.

Source: Maven's POM reference (inheritance, interpolation, dependency management). What those
artefacts bring along stands in their own poms in a registry, and is not read.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from vigie.model.errors import UserError
from vigie.model.inventory import Package, Scope
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.filesystems import FileSystem
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._content import MIB, read_bytes
from vigie.sources.packages.readers._maven import artefact, pinned
from vigie.sources.packages.readers._pom import Dependency, Project, read_pom
from vigie.sources.packages.readers._records import neighbour, read_beside, unpinned

_MOST = 16 * MIB
_MOST_PARENTS = 32
_ROUNDS, _LONGEST = 16, 1024  # of putting properties into each other, and what comes out
_PROPERTY = re.compile(r"\$\{([^${}]+)\}")


class _MavenPom:
    name = "maven-pom"
    label = "pom.xml"
    types = frozenset({"maven"})
    patterns: Sequence[str] = ("pom.xml",)
    binaries = False
    installed = False

    def read(self, file: PackageFile, around: Surroundings, /) -> Iterator[Package | Problem]:
        """What the project asks for itself; modules of the project itself are left out.

        A version that the tree does not say is "", and a note tells of it.
        """
        if "META-INF/maven/" in file.path:
            return  # an unpacked archive's: what it asked for is beside it or is not there
        lineage = _Lineage.of(read_pom(read_bytes(file, _MOST), file.path), file.path, around)
        unknown = told = 0
        for dependency in lineage.dependencies:
            if not dependency.group or not dependency.name or lineage.owns(dependency):
                continue
            version = pinned(dependency.version)
            unknown += not version
            told += 1
            yield artefact(
                dependency.group,
                dependency.name,
                version,
                line=dependency.line or None,
                direct=True,
                scope=_scope(dependency),
                classifier=dependency.classifier,
                type=dependency.kind if dependency.kind != "jar" else "",
            )
        if unknown:
            yield unpinned(file, unknown)
        if told:
            yield _only_direct(file)


READER = _MavenPom()


@dataclass(frozen=True)
class _Lineage:
    """A project with the parents that could be found, itself first."""

    projects: tuple[Project, ...]

    @classmethod
    def of(cls, project: Project, path: str, around: Surroundings) -> _Lineage:
        found = [project]
        seen = {path}
        while found[-1].parent and len(found) < _MOST_PARENTS:
            path = _parent_path(around.system, path, found[-1].parent[3])
            if not path or path in seen:
                break
            seen.add(path)
            parent = _read(around.system, path)
            if parent is None or not _is_asked_for(parent, found[-1].parent):
                break
            found.append(parent)
        return cls(tuple(found))

    @cached_property
    def properties(self) -> Mapping[str, str]:
        said: dict[str, str] = {}
        for project in reversed(self.projects):
            said |= project.properties
        own = {"groupId": self.group, "artifactId": self.projects[0].name, "version": self.version}
        parent = self.projects[0].parent
        if parent:
            for name, value in zip(("groupId", "artifactId", "version"), parent[:3], strict=True):
                said[f"project.parent.{name}"] = value
                said[f"parent.{name}"] = value
        for name, value in own.items():
            said[f"project.{name}"] = said[f"pom.{name}"] = value
            said.setdefault(name, value)
        return said

    @property
    def group(self) -> str:
        first = self.projects[0]
        return first.group or (first.parent[0] if first.parent else "")

    @property
    def version(self) -> str:
        first = self.projects[0]
        return first.version or (first.parent[2] if first.parent else "")

    @property
    def dependencies(self) -> Iterator[Dependency]:
        """What the project and its parents ask for, filled in; of two with one key the child's."""
        managed: dict[tuple[str, str, str, str], Dependency] = {}
        for project in self.projects:
            for one in map(self._filled, project.managed):
                managed.setdefault(one.key, one)
        seen: set[tuple[str, str, str, str]] = set()
        for number, project in enumerate(self.projects):
            for one in map(self._filled, project.dependencies):
                if one.key in seen:
                    continue
                seen.add(one.key)
                rule = managed.get(one.key)
                yield replace(
                    one,
                    version=one.version or (rule.version if rule else ""),
                    scope=one.scope or (rule.scope if rule else ""),
                    optional=one.optional or bool(rule and rule.optional),
                    line=0 if number else one.line,  # a parent's stands in the parent's file
                )

    def owns(self, dependency: Dependency) -> bool:
        """True for another module of the same project: one group, one version, built together."""
        own = self._value(self.group), self._value(self.version)
        return all(own) and (dependency.group, dependency.version) == own

    def _filled(self, one: Dependency) -> Dependency:
        return replace(
            one,
            group=self._value(one.group),
            name=self._value(one.name),
            version=self._value(one.version),
            kind=self._value(one.kind),
            classifier=self._value(one.classifier),
            scope=self._value(one.scope),
        )

    def _value(self, text: str) -> str:
        for _ in range(_ROUNDS):
            filled = _PROPERTY.sub(lambda m: self.properties.get(m[1].strip(), m[0]), text)
            if filled == text or len(filled) > _LONGEST:
                break
            text = filled
        return text


def _parent_path(system: FileSystem, path: str, relative: str) -> str:
    """Where a parent's pom lies: relativePath may name a folder as well."""
    if not relative:
        return ""
    target = neighbour(path, relative)
    if target and system.find(target) is None:
        target = posixpath.join(target, "pom.xml")
    return target


def _read(system: FileSystem, path: str) -> Project | None:
    data = read_beside(system, path, _MOST)
    if data is None:
        return None
    try:
        return read_pom(data, path)
    except UserError:
        return None  # it is told where that file itself is read


def _is_asked_for(found: Project, asked: tuple[str, str, str, str]) -> bool:
    """Maven takes the pom it finds only if it is the parent that is meant."""
    group = found.group or (found.parent[0] if found.parent else "")
    return (group, found.name) == asked[:2]


def _scope(dependency: Dependency) -> Scope:
    if dependency.scope == "test":
        return Scope.DEVELOPMENT
    if dependency.optional or dependency.profiled:
        return Scope.OPTIONAL
    return Scope.RUNTIME


def _only_direct(file: PackageFile) -> Problem:
    return Problem(
        ProblemCode.NOTE,
        T("{path} names what the project asks for, not what that brings along", path=file.path),
        where=file.path,
        hint=T("Scan what it is built into (a jar, an image) to see everything."),
    )
