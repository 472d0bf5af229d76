"""An index of advisories in memory, and small advisories for the tests of matching."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from vigie.model.advisories import Advisory, Affected, EventKind, Range, RangeType
from vigie.model.components import Component
from vigie.model.ecosystems import advisory_name
from vigie.model.inventory import Distribution, Package
from vigie.model.observations import Location
from vigie.ports.advisories import AdvisoryIndex, AdvisoryRecord

DEBIAN = Distribution("debian", "12", "bookworm")
UBUNTU = Distribution("ubuntu", "22.04", "jammy", like=("debian",))
ALPINE = Distribution("alpine", "3.19.1")


class MemoryIndex:
    """Records in memory; `empty` are ecosystems that are loaded and hold nothing of interest."""

    def __init__(self, *records: AdvisoryRecord, empty: Collection[str] = ()) -> None:
        self._advisories = {record.advisory.id: record.advisory for record in records}
        self._withdrawn = {r.advisory.id for r in records if r.advisory.withdrawn}
        self._entries: dict[str, list[Affected]] = {name: [] for name in empty}
        for record in records:
            for entry in record.affected:
                self._entries.setdefault(entry.ecosystem, []).append(entry)
        self.asked: list[tuple[str, frozenset[str]]] = []

    def affecting(self, ecosystem: str, names: Collection[str]) -> Iterable[Affected]:
        self.asked.append((ecosystem, frozenset(names)))
        wanted = {advisory_name(ecosystem, name) for name in names}
        for entry in self._entries.get(ecosystem, ()):
            if entry.name in wanted and entry.advisory not in self._withdrawn:
                yield entry

    def advisories(self, ids: Collection[str]) -> Mapping[str, Advisory]:
        return {one: self._advisories[one] for one in ids if one in self._advisories}

    def ecosystems(self) -> Mapping[str, int]:
        return Counter({name: len(entries) for name, entries in self._entries.items()})


def is_an_index(index: MemoryIndex) -> AdvisoryIndex:
    """For the type checker: this is what the port asks for."""
    return index


def span(*events: str, kind: RangeType = RangeType.ECOSYSTEM) -> Range:
    """A range in short: span("introduced 0", "fixed 1.2")."""
    said = (event.partition(" ") for event in events)
    return Range(kind, tuple((EventKind(name), version) for name, _, version in said))


def entry(*ranges: Range, versions: tuple[str, ...] = (), **changes: Any) -> Affected:
    said: dict[str, Any] = {"advisory": "A-1", "ecosystem": "PyPI", "name": "demo", **changes}
    return Affected(ranges=ranges, versions=versions, **said)


def record(
    identity: str,
    ecosystem: str,
    name: str,
    *events: str,
    versions: tuple[str, ...] = (),
    severity: str = "",
    **changes: Any,
) -> AdvisoryRecord:
    """A record about one package with one range: record("GHSA-…", "PyPI", "demo", "fixed 2")."""
    ranges = (span(*(events if "introduced" in events[0] else ("introduced 0", *events))),)
    return AdvisoryRecord(
        Advisory(identity, **changes),
        (
            Affected(
                identity,
                ecosystem,
                advisory_name(ecosystem, name),
                ranges if events else (),
                versions,
                severity,
            ),
        ),
    )


def joined(*records: AdvisoryRecord) -> AdvisoryRecord:
    """One record with what all of them say is affected."""
    return AdvisoryRecord(
        records[0].advisory, tuple(entry for one in records for entry in one.affected)
    )


def package(name: str, version: str, type_: str = "pypi", path: str = "", **said: Any) -> Package:
    return Package(Component(name, version, type_, **said), Location(path))
