"""The OSV schema's own algorithm over the raw records of PyPI, to check matching against.

Written from the pseudocode of the schema ("Evaluation") and nothing else of this project:
versions are ordered by `packaging`, and what that refuses has no verdict here.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

Entries = Mapping[str, list[tuple[str, Mapping[str, Any]]]]  # package: (advisory, affected)

_NUMBER = re.compile(r"\d+(?!.*\d)")


def read_entries(archive: Path) -> Entries:
    """Every `affected` entry that is not of a withdrawn record, by normalised package name."""
    entries: dict[str, list[tuple[str, Mapping[str, Any]]]] = defaultdict(list)
    with zipfile.ZipFile(archive) as members:
        for name in sorted(members.namelist()):
            record = json.loads(members.read(name))
            if record.get("withdrawn"):
                continue
            for affected in record.get("affected", []):
                package = re.sub(r"[-_.]+", "-", affected["package"]["name"]).lower()
                entries[package].append((record["id"], affected))
    return entries


def versions_of(entries: list[tuple[str, Mapping[str, Any]]]) -> list[str]:
    """Every version that any entry of a package names, and what lies just beside the events."""
    found: dict[str, None] = {}
    for _, affected in entries:
        found.update(dict.fromkeys(affected.get("versions", [])))
        for event in _events(affected):
            for version in event.values():
                found.update(dict.fromkeys(_beside(version)))
    return list(found)


def _events(affected: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    for span in affected.get("ranges", []):
        if span["type"] != "GIT":
            yield from span["events"]


def _beside(version: str) -> Iterator[str]:
    yield version
    yield from (one for one in _neighbours(version) if _is_version(version) and _is_version(one))


def _is_version(text: str) -> bool:
    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


def _neighbours(version: str) -> Iterator[str]:
    yield from (f"{version}.dev0", f"{version}rc1", f"{version}.post1", f"{version}+local.1")
    yield f"{version}.0"
    last = _NUMBER.search(version)
    if last:
        for number in (int(last[0]) - 1, int(last[0]) + 1):
            if number >= 0:
                yield f"{version[: last.start()]}{number}{version[last.end() :]}"


def is_vulnerable(version: str, affected: Mapping[str, Any]) -> bool | None:
    """IsVulnerable for one entry; None when `packaging` refuses a version that matters."""
    if version in affected.get("versions", []):
        return True
    try:
        return any(
            span["type"] != "GIT" and _in_range(Version(version), span["events"])
            for span in affected.get("ranges", [])
        )
    except InvalidVersion:
        return None


def _in_range(version: Version, events: list[Mapping[str, str]]) -> bool:
    limits = [event["limit"] for event in events if "limit" in event]
    if limits and not any("*" in limit or version < _at(limit) for limit in limits):
        return False
    vulnerable = False
    for event in sorted(events, key=lambda event: _at(*event.values())):
        if "introduced" in event and (
            event["introduced"] == "0" or version >= _at(*event.values())
        ):
            vulnerable = True
        elif ("fixed" in event and version >= _at(event["fixed"])) or (
            "last_affected" in event and version > _at(event["last_affected"])
        ):
            vulnerable = False
    return vulnerable


@lru_cache(maxsize=100_000)
def _at(version: str) -> Version:
    return Version("0.dev0") if version == "0" else Version(version)
