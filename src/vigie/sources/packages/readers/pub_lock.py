"""Dart's pubspec.lock.

Source: Dart documentation, "Package dependencies" and "The pubspec file".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vigie.model.inventory import Package, Scope
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._records import package
from vigie.sources.packages.readers._yaml_places import YamlMap, yaml_of

# Parts of the SDK itself, and folders of the project: neither is in the registry.
_LEFT_OUT = frozenset({"sdk", "path"})


class _PubLock:
    name = "pub-lock"
    label = "Dart pubspec.lock"
    types = frozenset({"pub"})
    patterns: Sequence[str] = ("pubspec.lock",)
    binaries = False
    installed = False

    def read(self, file: PackageFile, _around: Surroundings) -> Iterator[Package]:
        """Every locked package of a registry or a clone."""
        for name, fields, line in yaml_of(file, "pubspec.lock").map("packages").maps():
            if fields.text("source") in _LEFT_OUT:
                continue
            about = fields.map("description")
            kind = fields.text("dependency")
            yield package(
                "pub",
                about.text("name") or name,
                fields.text("version"),
                line=line,
                direct=kind.startswith("direct") if kind else None,
                scope=_scope(kind),
                vcs_url=_vcs(about) if fields.text("source") == "git" else "",
            )


def _scope(kind: str) -> Scope:
    if kind == "direct dev":
        return Scope.DEVELOPMENT
    return Scope.RUNTIME if kind.startswith("direct") else Scope.UNKNOWN


def _vcs(about: YamlMap) -> str:
    url, commit = about.text("url"), about.text("resolved-ref")
    if not url:
        return ""
    return f"git+{url}@{commit}" if commit else f"git+{url}"


READER = _PubLock()
