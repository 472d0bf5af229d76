"""Rust crates that Cargo.lock pins, in every version of the file.

Source: the Cargo book and cargo's `resolver/encode.rs` for versions 1 (sums in [metadata],
the project in [root]), 2, 3 and 4. A package without `source` is the project itself: a member
of its workspace or a folder of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from vigie.model.inventory import Package
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._crates import crate, crate_url
from vigie.sources.packages.readers._toml_tables import table_at, tables_of, text_at, toml_of


@dataclass(frozen=True, slots=True)
class _Locked:
    name: str
    version: str
    source: str
    line: int | None
    asks: tuple[str, ...]

    @property
    def url(self) -> str:
        return crate_url(self.name, self.version, self.vcs_url)

    @property
    def vcs_url(self) -> str:
        """ "git+https://host/repo@commit" of "git+https://host/repo?branch=x#commit"."""
        if not self.source.startswith("git+"):
            return ""
        address, _, commit = self.source.partition("#")
        return f"{address.partition('?')[0]}@{commit}" if commit else address


class _CargoLock:
    name = "cargo-lock"
    label = "Cargo.lock"
    types = frozenset({"cargo"})
    patterns: Sequence[str] = ("Cargo.lock",)
    binaries = False
    installed = False

    def read(self, file: PackageFile, around: Surroundings, /) -> Iterator[Package]:  # noqa: ARG002
        """Every pinned crate that is not the project's own. A crate is direct when one of the
        project's own packages asks for it; the file does not say what is for tests only."""
        if "/registry/src/" in file.path:
            return  # cargo's cache: it speaks for a crate's authors, not for who downloaded it
        root, text = toml_of(file, "Cargo.lock")
        locked = [_locked(table, line) for table, line in tables_of(root, text, "package")]
        if table_at(root, "root"):
            locked.append(_locked(table_at(root, "root"), None))
        if not locked and text.strip() and "version" not in root:
            raise ValueError("it has no packages")
        names = _Names(locked)
        own = [one for one in locked if not one.source]
        direct = {id(found) for one in own for found in names.asked_by(one)}
        for one in locked:
            if one.source:
                yield crate(
                    one.name,
                    one.version,
                    vcs_url=one.vcs_url,
                    line=one.line,
                    direct=id(one) in direct if own else None,
                    requires=tuple(found.url for found in names.asked_by(one)),
                )


READER = _CargoLock()


def _locked(table: dict[str, Any], line: int | None) -> _Locked:
    asks = table.get("dependencies")
    return _Locked(
        name=text_at(table, "name"),
        version=text_at(table, "version"),
        source=text_at(table, "source"),
        line=line,
        asks=tuple(one for one in asks if isinstance(one, str)) if isinstance(asks, list) else (),
    )


class _Names:
    """Finds what a dependency means: "name", "name version" or "name version (source)", as
    much of it as is needed to tell packages apart."""

    def __init__(self, locked: Sequence[_Locked]) -> None:
        self._by_name: dict[str, _Locked] = {}
        for one in locked:
            for key in (one.name, f"{one.name} {one.version}"):
                self._by_name.setdefault(key, one)
            # A git source stands in a dependency without the commit.
            for source in (one.source, one.source.partition("#")[0]):
                self._by_name.setdefault(f"{one.name} {one.version} ({source})", one)

    def asked_by(self, one: _Locked) -> list[_Locked]:
        found = (self._by_name.get(ask) for ask in one.asks)
        return [package for package in found if package is not None]
