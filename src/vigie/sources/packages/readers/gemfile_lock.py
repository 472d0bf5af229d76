"""Bundler's Gemfile.lock (or gems.locked).

Source: Bundler documentation, "gemfile.lock", and its `lockfile_parser.rb` for the sections.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from vigie.model.inventory import Package
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._records import (
    is_inside_installed,
    package,
    package_url,
    refused,
    text_of,
)

_SECTION = re.compile(r"^[A-Z][A-Z ]*$")
_SPEC = re.compile(r"^ {4}(?P<name>[^\s()]++) \((?P<version>[^()]++)\)$")
_NEED = re.compile(r"^ {6}(?P<name>[^\s()!]++)")
_DIRECT = re.compile(r"^ {2}(?P<name>[^\s()!]++)")
_SETTING = re.compile(r"^ {2}(remote|revision): (.+)$")
_KNOWN = frozenset({"GEM", "GIT", "PATH", "DEPENDENCIES", "PLATFORMS", "PLUGIN SOURCE"})


@dataclass(slots=True)
class _Gem:
    """One gem of a section, and what it needs. Several platforms' builds are one gem."""

    name: str
    version: str
    line: int
    vcs: str = ""
    needs: list[str] = field(default_factory=list)


class _GemfileLock:
    name = "gemfile-lock"
    label = "Bundler Gemfile.lock"
    types = frozenset({"gem"})
    patterns: Sequence[str] = ("Gemfile.lock", "gems.locked", "*.gemfile.lock")
    binaries = False
    installed = False

    def read(self, file: PackageFile, _around: Surroundings) -> Iterator[Package]:
        """Every gem of a registry or a clone; those of a path are the project's own."""
        if is_inside_installed(file.path):
            return
        gems, direct, sections = _parse(text_of(file))
        if not sections & _KNOWN:
            raise refused(file, "Gemfile.lock", "no section of one")
        versions = {gem.name: gem.version for gem in gems.values()}
        for gem in gems.values():
            yield package(
                "gem",
                gem.name,
                gem.version,
                line=gem.line,
                direct=gem.name in direct if "DEPENDENCIES" in sections else None,
                requires=(package_url("gem", name, versions.get(name, "")) for name in gem.needs),
                vcs_url=gem.vcs,
            )


def _parse(text: str) -> tuple[dict[tuple[str, str], _Gem], set[str], set[str]]:
    gems: dict[tuple[str, str], _Gem] = {}
    direct: set[str] = set()
    sections: set[str] = set()
    section = ""
    settings: dict[str, str] = {}
    gem: _Gem | None = None
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.rstrip()
        if _SECTION.match(line):
            section, settings, gem = line, {}, None
            sections.add(section)
        elif section == "DEPENDENCIES":
            if asked := _DIRECT.match(line):
                direct.add(asked["name"])
        elif section in ("GEM", "GIT"):
            if setting := _SETTING.match(line):
                settings[setting[1]] = setting[2].strip()
            elif spec := _SPEC.match(line):
                # "1.13.0-x86_64-linux": what follows the version is a platform, for a gem's
                # own version never holds a dash.
                version = spec["version"].partition("-")[0]
                fresh = _Gem(spec["name"], version, number, _vcs(section, settings))
                gem = gems.setdefault((fresh.name, version), fresh)
            elif gem is not None and (need := _NEED.match(line)):
                gem.needs.append(need["name"])
    return gems, direct, sections


def _vcs(section: str, settings: dict[str, str]) -> str:
    remote, revision = settings.get("remote", ""), settings.get("revision", "")
    if section != "GIT" or not remote:
        return ""
    remote = re.sub(r"//[^/@\s:]*(?::[^/@\s]*)?@", "//", remote)
    return f"git+{remote}@{revision}" if revision else f"git+{remote}"


READER = _GemfileLock()
