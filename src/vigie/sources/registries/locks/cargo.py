"""Cargo.lock, renewed by cargo. Nothing is built: cargo only has to see that targets exist.

Source: The Cargo Book, "cargo update" (--precise), "Cargo Targets".
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from vigie.ports.patches import Upgrade
from vigie.sources.registries.locks.renewing import (
    Renewal,
    Work,
    copied,
    failed,
    last_words,
    text_of,
)
from vigie.sources.registries.running import call, locate

_TARGETS = {"bin": "src/bin", "example": "examples", "test": "tests", "bench": "benches"}


class CargoRenewer:
    lock = "Cargo.lock"
    program = "cargo"

    def renew(self, work: Work, /) -> Renewal:
        """The lock with each package at precisely the version asked for."""
        files = {**work.files, **dict.fromkeys(_stubs(work.files), "")}
        missed: list[Upgrade] = []
        why = ""
        with copied(files) as folder:
            for upgrade in work.upgrades:
                why = self._raise(folder / work.home, upgrade) or why
            now = text_of(folder / work.lock)
        for upgrade in work.upgrades:
            if upgrade.installed in _versions(now, upgrade.name):
                missed.append(upgrade)
        said = failed("cargo", why)
        if why and len(missed) == len(work.upgrades):
            return replace(said, missed=tuple(missed))
        return Renewal({work.lock: now}, tuple(missed), reason=said.failed if why else None)

    def _raise(self, folder: Path, upgrade: Upgrade) -> str:
        """Why it could not be; "" when it was."""
        said = ""
        # Once the manifest asks for more, the old version is no longer one that can be named.
        for spec in (f"{upgrade.name}@{upgrade.installed}", upgrade.name):
            answer = call(
                [locate("cargo"), "update", spec, "--precise", upgrade.version], folder, timeout=300
            )
            if answer.fine:
                return ""
            said = last_words(_error(answer.err))
        return said


def _error(said: str) -> str:
    return "\n".join(line for line in said.splitlines() if line.startswith("error"))


def _versions(text: str, name: str) -> set[str]:
    try:
        packages: Any = tomllib.loads(text).get("package", [])
    except tomllib.TOMLDecodeError:
        return set()
    return {
        str(p.get("version")) for p in packages if isinstance(p, dict) and p.get("name") == name
    }


def _stubs(files: Mapping[str, str]) -> Iterator[str]:
    """Empty files for every target that a manifest names: without them cargo refuses it."""
    for path, text in files.items():
        if path.rpartition("/")[2] != "Cargo.toml":
            continue
        folder = path.removesuffix("Cargo.toml")
        try:
            manifest = tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            continue
        if "package" not in manifest:
            continue
        yield f"{folder}src/lib.rs"
        yield f"{folder}src/main.rs"
        lib = manifest.get("lib")
        if isinstance(lib, dict) and isinstance(lib.get("path"), str):
            yield folder + lib["path"]
        for kind, home in _TARGETS.items():
            for target in manifest.get(kind, ()) if isinstance(manifest.get(kind), list) else ():
                name, place = target.get("name"), target.get("path")
                yield folder + (place if isinstance(place, str) else f"{home}/{name}.rs")
