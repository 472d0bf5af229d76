"""Swift's Package.resolved, versions 1 to 3.

Source: Swift Package Manager documentation, "Resolving and updating dependencies".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from vigie.model.inventory import Package
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._json_places import json_of
from vigie.sources.packages.readers._records import package

_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]*://(?:[^/@]*@)?|git@)", re.IGNORECASE)


class _SwiftResolved:
    name = "swift-resolved"
    label = "Swift Package.resolved"
    types = frozenset({"swift"})
    patterns: Sequence[str] = ("Package.resolved",)
    binaries = False
    installed = False

    def read(self, file: PackageFile, _around: Surroundings) -> Iterator[Package]:
        """Every pinned repository by its address; folders of this machine are left out."""
        root = json_of(file, "Package.resolved")
        pins = root.get("pins") or root.get("object", "pins")
        for pin in pins.items() if pins is not None else ():
            fields = pin.record()
            address = _text(fields, "location") or _text(fields, "repositoryURL")
            said = fields.get("state")
            state = said if isinstance(said, dict) else {}
            name = _name(address)
            if _text(fields, "kind") == "localSourceControl" or "/" not in name:
                continue
            version, commit = _text(state, "version"), _text(state, "revision")
            yield package(
                "swift",
                name,
                version,
                line=pin.line,
                vcs_url="" if version or not commit else f"git+{address}@{commit}",
            )


def _name(address: str) -> str:
    """ "github.com/apple/swift-nio" for any address of that repository; "" for a folder."""
    if address.startswith(("/", ".", "~")) or address.lower().startswith("file:"):
        return ""
    plain = _SCHEME.sub("", address, count=1)
    host, _, path = plain.partition("/")
    if ":" in host:  # host:owner/name, as git's own short form
        host, _, owner = host.partition(":")
        path = f"{owner}/{path}" if owner and not owner.isdigit() else path
    return f"{host.lower()}/{path.strip('/').removesuffix('.git')}"


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


READER = _SwiftResolved()
