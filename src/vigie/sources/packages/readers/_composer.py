"""Packages as Composer writes them, in its lock file and in what it installed.

Source: Composer documentation, "The composer.json schema" and "Libraries".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from vigie.model.inventory import Package, Scope
from vigie.sources.packages.readers._json_places import JsonNode
from vigie.sources.packages.readers._records import package, package_url

Listed = tuple[JsonNode, dict[str, Any], Scope]


def listed(nodes: Iterable[JsonNode], scope: Scope) -> Iterator[Listed]:
    """Entries of a list of packages with what they say."""
    for node in nodes:
        fields = node.record()
        if isinstance(fields.get("name"), str) and fields["name"]:
            yield node, fields, scope


def packages_of(entries: Iterable[Listed], direct: Collection[str] | None) -> Iterator[Package]:
    """The packages of a list, but those of a folder beside the project. `direct` are names
    (lower case) that the project asks for; None when nobody says."""
    found = [entry for entry in entries if not _is_folder(entry[1])]
    versions = {fields["name"].lower(): _text(fields, "version") for _, fields, _ in found}
    for node, fields, scope in found:
        name = fields["name"]
        yield package(
            "composer",
            name,
            _text(fields, "version"),
            line=node.line,
            direct=None if direct is None else name.lower() in direct,
            scope=scope,
            licences=_licences(fields.get("license")),
            requires=(
                package_url("composer", asked, versions.get(asked.lower(), ""))
                for asked in _object(fields.get("require"))
                if "/" in asked  # "php" and "ext-json" are no packages
            ),
        )


def asked_by(manifest: Any) -> frozenset[str] | None:
    """What a composer.json asks for, in lower case; None when it is none."""
    if not isinstance(manifest, dict):
        return None
    asked = {**_object(manifest.get("require")), **_object(manifest.get("require-dev"))}
    return frozenset(name.lower() for name in asked)


def _is_folder(fields: dict[str, Any]) -> bool:
    return _text(_object(fields.get("dist")), "type") == "path"


def _licences(said: Any) -> list[str]:
    if isinstance(said, str):
        return [said]
    return [one for one in said if isinstance(one, str)] if isinstance(said, list) else []


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""
