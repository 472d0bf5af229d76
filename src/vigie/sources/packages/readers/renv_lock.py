"""R's renv.lock.

Source: renv documentation, "lockfiles".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from vigie.model.inventory import Package
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._json_places import json_of
from vigie.sources.packages.readers._records import package, package_url

_HOSTS = {"github": "https://github.com", "gitlab": "https://gitlab.com"}


class _RenvLock:
    name = "renv-lock"
    label = "R renv.lock"
    types = frozenset({"cran"})
    patterns: Sequence[str] = ("renv.lock",)
    binaries = False
    installed = False

    def read(self, file: PackageFile, _around: Surroundings) -> Iterator[Package]:
        """Every package of a repository or a clone. Bioconductor's are left to their own
        registry, which advisories do not cover."""
        packages = json_of(file, "renv.lock").get("Packages")
        entries = [
            (_text(fields := node.record(), "Package") or key, fields, node.line)
            for key, node in (packages.members() if packages is not None else ())
        ]
        versions = {name: _text(fields, "Version") for name, fields, _ in entries}
        for name, fields, line in entries:
            source = _text(fields, "Source").lower()
            if source in ("bioconductor", "local"):
                continue
            asked = fields.get("Requirements")
            yield package(
                "cran",
                name,
                _text(fields, "Version"),
                line=line,
                requires=(
                    package_url("cran", one, versions[one])
                    for one in (asked if isinstance(asked, list) else ())
                    if isinstance(one, str) and one in versions
                ),
                vcs_url=_vcs(source, fields),
            )


def _vcs(source: str, fields: dict[str, Any]) -> str:
    owner, name = _text(fields, "RemoteUsername"), _text(fields, "RemoteRepo")
    commit = _text(fields, "RemoteSha")
    if source not in _HOSTS or not owner or not name:
        return ""
    return f"git+{_HOSTS[source]}/{owner}/{name}" + (f"@{commit}" if commit else "")


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


READER = _RenvLock()
