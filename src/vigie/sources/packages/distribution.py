"""Which Linux distribution a file system belongs to, by os-release(5) and its elders."""

from __future__ import annotations

import re
from collections.abc import Mapping

from vigie.model.inventory import Distribution
from vigie.ports.filesystems import FileSystem

_MOST = 64 * 1024
_OS_RELEASE = ("etc/os-release", "usr/lib/os-release")
_LINE = re.compile(r"^[ \t]*([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)
_REDHAT = re.compile(r"^(?P<name>.*?)\s+(?:Linux\s+)?release\s+(?P<version>[\d.]+)", re.IGNORECASE)
_REDHAT_IDS = {
    "centos": "centos",
    "red hat": "rhel",
    "rocky": "rocky",
    "almalinux": "almalinux",
    "fedora": "fedora",
    "oracle": "ol",
}
_DEBIAN_RELEASES = {"buster": "10", "bullseye": "11", "bookworm": "12", "trixie": "13",
                    "forky": "14"}  # fmt: skip


def read_distribution(system: FileSystem) -> Distribution | None:
    """The distribution, or None when nothing in the file system names one."""
    for path in _OS_RELEASE:
        text = _text(system, path)
        if text:
            found = _of_os_release(text)
            if found is not None:
                return _debian_sid(found, _text(system, "etc/debian_version"))
    if version := _text(system, "etc/alpine-release").strip():
        return Distribution("alpine", version, name="Alpine Linux")
    for path in ("etc/redhat-release", "etc/centos-release", "etc/system-release"):
        if found := _of_redhat(_text(system, path)):
            return found
    if version := _text(system, "etc/debian_version").strip():
        return Distribution("debian", _debian_release(version), name="Debian GNU/Linux")
    return None


def _text(system: FileSystem, path: str) -> str:
    entry = system.find(path)
    if entry is None or entry.size > _MOST:
        return ""
    try:
        with system.open(path) as file:
            return file.read(_MOST).decode("utf-8", "replace")
    except OSError:
        return ""


def _of_os_release(text: str) -> Distribution | None:
    said: Mapping[str, str] = {
        name: re.sub(r"\\(.)", r"\1", value.strip().strip("\"'"))
        for name, value in _LINE.findall(text)
    }
    id_ = said.get("ID", "").lower()
    if not id_:
        return None
    return Distribution(
        id=id_,
        version=said.get("VERSION_ID", ""),
        codename=said.get("VERSION_CODENAME", "") or said.get("DEBIAN_CODENAME", ""),
        name=said.get("NAME", ""),
        like=tuple(said.get("ID_LIKE", "").lower().split()),
    )


def _debian_sid(found: Distribution, said: str) -> Distribution:
    """Debian's testing has no VERSION_ID: its codename or debian_version say which it becomes."""
    if found.id != "debian" or found.version:
        return found
    version = _DEBIAN_RELEASES.get(found.codename) or _debian_release(said.strip())
    return Distribution(found.id, version, found.codename, found.name, found.like)


def _debian_release(said: str) -> str:
    """ "12" of "12.7" or "bookworm/sid"; "" when it cannot be told."""
    number = re.match(r"\d+", said)
    return number[0] if number else _DEBIAN_RELEASES.get(said.partition("/")[0], "")


def _of_redhat(text: str) -> Distribution | None:
    found = _REDHAT.match(text.strip()[:200])  # one line; the pattern is slow on endless blanks
    if found is None:
        return None
    name = found["name"]
    id_ = next((i for word, i in _REDHAT_IDS.items() if word in name.lower()), "")
    return Distribution(id_, found["version"], name=name, like=("rhel",)) if id_ else None
