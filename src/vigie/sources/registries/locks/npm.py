"""package-lock.json and npm-shrinkwrap.json, renewed by npm without running any script.

npm has no command that raises one package deep down to one version: the lock's entry is taken
out and the version asked for from the root, then the manifest as it shall be has the last word.
Source: npm's documentation, "npm install" (--package-lock-only, --ignore-scripts), "overrides".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from vigie.model.text import T
from vigie.sources.registries.locks.renewing import Renewal, Work, copied, failed, text_of
from vigie.sources.registries.running import Answer, call, locate

_SECTIONS = ("dependencies", "devDependencies", "optionalDependencies")


class NpmRenewer:
    program = "npm"

    def __init__(self, lock: str) -> None:
        self.lock = lock

    def renew(self, work: Work, /) -> Renewal:
        """The lock with the versions asked for."""
        try:
            manifest, lock = (
                json.loads(work.files[work.manifest]),
                json.loads(work.files[work.lock]),
            )
        except (ValueError, RecursionError):
            return Renewal(failed=T("{path} is no JSON: {why}", path=work.lock, why=""))
        if not isinstance(manifest, dict) or not isinstance(lock, dict):
            return Renewal(failed=T("{path} is no JSON: {why}", path=work.lock, why=""))
        _pin(manifest, lock, work.upgrades)
        _forget(lock, work.upgrades)
        indent = "\t" if "\n\t" in work.files[work.lock] else 2
        temporary = {
            **work.files,
            work.manifest: json.dumps(manifest, indent=2),
            work.lock: json.dumps(lock, indent=indent) + "\n",
        }
        version = str(lock.get("lockfileVersion", ""))
        resolved = '"resolved"' in work.files[work.lock]
        with copied(temporary) as folder:
            answer = self._install(folder / work.home, version, resolved=resolved)
            if answer.fine:
                (folder / work.manifest).write_bytes(work.files[work.manifest].encode())
                answer = self._install(folder / work.home, version, resolved=resolved)
            if not answer.fine:
                return failed("npm", _errors(answer))
            now = text_of(folder / work.lock)
        if "\r\n" in work.files[work.lock] and "\r\n" not in now:
            now = now.replace("\n", "\r\n")
        missed = tuple(u for u in work.upgrades if u.installed in _versions(now, u.name))
        return Renewal({work.lock: now}, missed)

    def _install(self, folder: Path, version: str, *, resolved: bool) -> Answer:
        arguments = [
            "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund",
            f"--omit-lockfile-registry-resolved={'false' if resolved else 'true'}",
        ]  # fmt: skip
        if version.isdigit():
            arguments.append(f"--lockfile-version={version}")
        return call([locate("npm"), *arguments], folder, timeout=300)


def _errors(answer: Answer) -> str:
    return "\n".join(line.removeprefix("npm error").strip() for line in answer.err.splitlines()
                     if line.startswith("npm error") and "log of this run" not in line
                     and "_logs" not in line)  # fmt: skip


def _pin(manifest: dict[str, Any], lock: Mapping[str, Any], upgrades: Any) -> None:
    """Ask for exactly these versions for once."""
    overrides = manifest.setdefault("overrides", {})
    for upgrade in upgrades:
        sections = [s for s in _SECTIONS if upgrade.name in _table(manifest.get(s))]
        direct = sections and _root_version(lock, upgrade.name) in ("", upgrade.installed)
        if direct:
            for section in sections:
                manifest[section][upgrade.name] = upgrade.version
            if isinstance(overrides.get(upgrade.name), str):
                overrides[upgrade.name] = f"${upgrade.name}"
        else:
            several = upgrade.installed and (sections or len(set(_entries(lock, upgrade.name))) > 1)
            overrides[f"{upgrade.name}@{upgrade.installed}" if several else upgrade.name] = (
                upgrade.version
            )


def _root_version(lock: Mapping[str, Any], name: str) -> str:
    if "packages" in lock:
        return _version(_table(lock["packages"]).get(f"node_modules/{name}"))
    return _version(_table(lock.get("dependencies")).get(name))


def _forget(lock: dict[str, Any], upgrades: Any) -> None:
    """Take out the entries that shall be replaced, so that npm puts the new ones in their place."""
    gone = {(u.name, u.installed) for u in upgrades}
    packages = _table(lock.get("packages"))
    for place, entry in [*packages.items()]:
        if place and (place.rpartition("node_modules/")[2], _version(entry)) in gone:
            del packages[place]
    waiting = [lock]
    while waiting:
        inner = _table(waiting.pop().get("dependencies"))
        for name, entry in [*inner.items()]:
            if (name, _version(entry)) in gone:
                del inner[name]
            elif isinstance(entry, dict):
                waiting.append(entry)


def _table(said: Any) -> dict[str, Any]:
    return said if isinstance(said, dict) else {}


def _version(entry: Any) -> str:
    return str(_table(entry).get("version", ""))


def _entries(lock: Mapping[str, Any], name: str) -> Iterator[str]:
    for place, entry in _table(lock.get("packages")).items():
        if place.rpartition("node_modules/")[2] == name:
            yield _version(entry)
    waiting: list[Any] = [lock] if "packages" not in lock else []
    while waiting:
        for key, entry in _table(waiting.pop().get("dependencies")).items():
            if key == name:
                yield _version(entry)
            waiting.append(_table(entry))


def _versions(text: str, name: str) -> set[str]:
    """Every version of a package that the lock has."""
    try:
        return set(_entries(json.loads(text), name))
    except ValueError:
        return set()
