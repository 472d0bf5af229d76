"""The components of a result under references that vulnerabilities can name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vigie.model.components import Component
from vigie.model.findings import Finding, Instance
from vigie.model.identity import digest
from vigie.model.results import Result
from vigie.outlets.formats._wire.places import instances_of
from vigie.outlets.stream import filled

_Key = tuple[str, str, str, str]


class Inventory:
    """Every component of the inventory and of a finding, once for each asset."""

    def __init__(self, result: Result) -> None:
        self._several = (
            len({f.asset for f in result.findings} | {i.asset for i in result.components}) > 1
        )
        self._parts: dict[_Key, Component] = {}
        self._sources: dict[_Key, tuple[str, ...]] = {}
        self._paths: dict[_Key, tuple[str, ...]] = {}
        for item in result.components:
            key = _key(item.asset, item.component)
            self._parts.setdefault(key, item.component)
            self._sources[key] = item.sources
            self._paths[key] = item.paths
        for finding in result.findings:
            for part in _parts(finding):
                self._parts.setdefault(_key(finding.asset, part), part)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (self._component(key, part) for key, part in self._parts.items())

    def references(self, finding: Finding) -> list[tuple[str, Component]]:
        """What the finding affects: (bom-ref, component) of each package, without repeats."""
        found: dict[str, Component] = {}
        for part in _parts(finding):
            found.setdefault(self._reference(_key(finding.asset, part)), part)
        return list(found.items())

    def _reference(self, key: _Key) -> str:
        """The purl, which other tools know it by too, told apart where several assets have it."""
        asset, purl, name, version = key
        if not purl:
            return f"component:{digest(asset, name, version, length=16)}"
        return f"{purl}#{digest(asset, length=8)}" if self._several else purl

    def _component(self, key: _Key, part: Component) -> dict[str, Any]:
        sources = self._sources.get(key, ())
        properties = [{"name": "vigie:asset", "value": key[0]}]
        properties += [{"name": "vigie:source", "value": source} for source in sources]
        return filled({
            "bom-ref": self._reference(key),
            "type": "library",
            "name": part.name or "unknown",
            "version": part.version,
            "purl": part.purl,
            "licenses": [{"license": {"name": name}} for name in part.licences],
            "evidence": filled({
                "occurrences": [{"location": path} for path in self._paths.get(key, ())],
            }),
            "properties": properties,
        })  # fmt: skip


def _key(asset: str, part: Component) -> _Key:
    return asset, part.purl, part.name, part.version


def _parts(finding: Finding) -> Iterator[Component]:
    for instance in instances_of(finding):
        part = _part(instance, finding.component)
        if part is not None:
            yield part


def _part(instance: Instance, part: Component | None) -> Component | None:
    """The package of an instance; the finding's own where the instance is a mere place."""
    if not instance.name and not instance.purl:
        return part
    if part is not None and instance.purl == part.purl and instance.version == part.version:
        return part
    return Component(
        instance.name or (part.name if part is not None else ""),
        instance.version,
        part.type if part is not None else "",
        instance.purl,
    )
