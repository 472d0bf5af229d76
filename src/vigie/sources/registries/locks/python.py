"""uv.lock and poetry.lock, renewed by uv and Poetry.

uv is told to build nothing, so no code of any package runs. Poetry may have to build packages of
the registry that have no wheels; the target's own code is not in its folder.
Sources: uv's "Locking and syncing" (-P), Poetry's "update" (--lock).
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from packaging.version import InvalidVersion, Version

from vigie.ports.patches import Upgrade
from vigie.sources.registries.locks.renewing import Renewal, Work, copied, failed, text_of
from vigie.sources.registries.running import call, locate


class UvRenewer:
    lock = "uv.lock"
    program = "uv"

    def renew(self, work: Work, /) -> Renewal:
        """The lock with each package at the version asked for."""
        pins = [f"--upgrade-package={u.name}=={u.version}" for u in work.upgrades]
        return _renewed(
            work, [locate("uv"), "lock", "--no-build", *pins], {"UV_PYTHON_DOWNLOADS": "never"}
        )


class PoetryRenewer:
    lock = "poetry.lock"
    program = "poetry"

    def renew(self, work: Work, /) -> Renewal:
        """The lock with each package as high as the ranges let it go."""
        names = sorted({u.name for u in work.upgrades})
        return _renewed(
            work, [locate("poetry"), "update", "--lock", "--no-interaction", *names], {}
        )


def _renewed(work: Work, argv: list[str], env: dict[str, str]) -> Renewal:
    with copied(work.files) as folder:
        answer = call(argv, folder / work.home, timeout=600, env=env)
        if not answer.fine:
            return failed(Path(argv[0]).name, answer.out, answer.err)
        now = text_of(folder / work.lock)
    missed = tuple(u for u in work.upgrades if _is_low(now, u))
    return Renewal({work.lock: now}, missed)


def _is_low(text: str, upgrade: Upgrade) -> bool:
    """True when the lock still has the installed version, or one below the wanted one only."""
    try:
        found = [Version(version) for version in _versions(text, _plain(upgrade.name))]
        if upgrade.installed:
            return Version(upgrade.installed) in found
        return bool(found) and max(found) < Version(upgrade.version)
    except (tomllib.TOMLDecodeError, InvalidVersion):
        return True


def _versions(text: str, name: str) -> list[str]:
    packages = tomllib.loads(text).get("package")
    return [
        str(package.get("version", "0"))
        for package in (packages if isinstance(packages, list) else ())
        if isinstance(package, dict) and _plain(str(package.get("name"))) == name
    ]


def _plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")
