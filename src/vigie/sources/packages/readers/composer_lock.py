"""Composer's composer.lock.

Source: Composer documentation, "Basic usage" and "The composer.json schema".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from vigie.model.inventory import Package, Scope
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._composer import asked_by, listed, packages_of
from vigie.sources.packages.readers._json_places import json_of
from vigie.sources.packages.readers._records import is_inside_installed, text_beside


class _ComposerLock:
    name = "composer-lock"
    label = "Composer composer.lock"
    types = frozenset({"composer"})
    patterns: Sequence[str] = ("composer.lock",)
    binaries = False
    installed = False

    def read(self, file: PackageFile, around: Surroundings) -> Iterator[Package]:
        """Every locked package; the composer.json beside it says which ones are direct."""
        if is_inside_installed(file.path):
            return
        members = dict(json_of(file, "composer.lock").members())
        entries = [
            entry
            for name, scope in (
                ("packages", Scope.RUNTIME),
                ("packages-dev", Scope.DEVELOPMENT),
            )
            if name in members
            for entry in listed(members[name].items(), scope)
        ]
        yield from packages_of(entries, _direct(text_beside(file, around, "composer.json")))


def _direct(manifest: str) -> frozenset[str] | None:
    try:
        return asked_by(msgspec.json.decode(manifest)) if manifest else None
    except (msgspec.DecodeError, RecursionError):
        return None


READER = _ComposerLock()
