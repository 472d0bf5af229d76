"""One target of a Trivy report and the packages it lists."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from vigie.sources.reports.records import Record


@dataclass(frozen=True)
class Target:
    """`path` is a file ("" for an image's packages), `type` a purl type, "" when not said.

    `packages` are listed with `--list-all-pkgs` only; they know source packages, lines and
    whether a dependency is direct.
    """

    name: str
    path: str = ""
    type: str = ""
    distro: str = ""
    packages: tuple[Record, ...] = ()

    def package(self, record: Record) -> Record:
        """The listed package that a finding is about; an empty record when it is not listed."""
        for key in (
            record.text("PkgIdentifier", "UID"),
            record.text("PkgID"),
            _name_and_version(record.text("PkgName"), record.text("InstalledVersion")),
        ):
            if key and key in self._index:
                return self._index[key]
        return Record({})

    @cached_property
    def _index(self) -> dict[str, Record]:
        index: dict[str, Record] = {}
        for package in self.packages:
            for key in (
                package.text("Identifier", "UID"),
                package.text("ID"),
                _name_and_version(package.text("Name"), package.text("Version")),
                # A distribution's package has its version in parts, a finding has it whole.
                _name_and_version(package.text("Name"), whole_version(package, "")),
            ):
                if key:
                    index.setdefault(key, package)
        return index


def _name_and_version(name: str, version: str) -> str:
    return f"{name} {version}" if name else ""


def whole_version(package: Record, prefix: str) -> str:
    """The version as its distribution writes it, "1:2.3-4"; "" when there is none.

    `prefix` is "Src" for the source package's.
    """
    version = package.text(f"{prefix}Version")
    if not version:
        return ""
    epoch = package.integer(f"{prefix}Epoch")
    release = package.text(f"{prefix}Release")
    return f"{f'{epoch}:' if epoch else ''}{version}{f'-{release}' if release else ''}"
