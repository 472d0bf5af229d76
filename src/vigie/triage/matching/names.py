"""Names: what a package is called, and at which version, where advisories speak of it.

Sources: purl-spec's types; deb-version(7) and Debian's binary-only uploads ("+b1"); Go's
`golang.org/x/vuln` on the standard library; google/osv-scalibr
`enricher/vulnmatch/internal/osvutil`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from vigie.model.components import Component
from vigie.model.ecosystems import package_type
from vigie.triage.packages import parse_purl

NameAndVersion = tuple[str, str]

_BINARY_UPLOAD = re.compile(r"\+b\d+$")
_EPOCH = re.compile(r"^\d+:")
_SIGNED = re.compile(r"^linux-signed(?:-(?:amd64|arm64|i386|armhf)$)?")
_STANDARD_LIBRARY = frozenset({"std", "stdlib"})
_GO_COMMAND = frozenset({"go", "toolchain", "golang.org/toolchain"})
# A workflow may name a branch or a commit instead, which are no versions.
_TAG = re.compile(r"^v?\d+(?:\.\d+)*(?:[-+.][\w.+-]+)?$")
# What a build says of itself when nobody told it its version.
_NO_VERSIONS = frozenset({"(devel)", "unknown", "unspecified"})


def type_of(component: Component) -> str:
    """Its purl type; "" when neither it nor its purl says."""
    if component.type:
        return package_type(component.type) or component.type
    return component.purl[4:].partition("/")[0].lower() if component.purl[:4] == "pkg:" else ""


def language_names(type_: str, component: Component) -> tuple[str, ...]:
    """The names its registry may know it by; none when what is known does not name it there,
    as a jar without its group."""
    parsed = parse_purl(component.purl)
    if type_ == "maven":
        full = (
            f"{parsed.namespace}:{parsed.name}" if parsed is not None and parsed.namespace else ""
        )
        said = full or component.name.replace("/", ":")
        return (said,) if ":" in said else ()
    if parsed is None:
        names = [component.name]
    else:
        parts = [parsed.namespace, parsed.name]
        if type_ == "golang":  # Syft cuts a module's path after its repository
            parts.append(parsed.subpath)
        names = ["/".join(part for part in parts if part)]
        # A purl writes the names of Go small, the module itself need not.
        if component.name.lower() == names[0].lower():
            names.append(component.name)
    if type_ == "golang" and names[0] in _STANDARD_LIBRARY:
        return ("stdlib",)
    if type_ == "golang" and names[0] in _GO_COMMAND:
        return ("stdlib", "toolchain")
    return tuple(dict.fromkeys(names))


def language_version(type_: str, component: Component) -> str:
    """Its version as advisories write it; "" when nobody knows it."""
    version = component.version.strip()
    if version.lower() in _NO_VERSIONS or (type_ == "github" and not _TAG.match(version)):
        return ""
    return version


def system_names(type_: str, component: Component) -> tuple[NameAndVersion, NameAndVersion]:
    """A distribution's package: its own name and version, and its source package's."""
    own, version = component.name, component.version.strip()
    source, source_version = component.source_name, component.source_version.strip()
    if not source:
        source, source_version = _upstream(component.purl)
    source = source or own
    if type_ == "rpm":
        version = _with_epoch(version, qualifier(component.purl, "epoch"))
        epoch = version.partition(":")[0] if ":" in version else ""
        # The file name of a source rpm does not tell its epoch, which its packages share.
        source_version = _with_epoch(source_version, epoch)
    if type_ == "deb":
        if source.startswith("linux-signed"):
            # Signed kernels are "linux" once more: advisories know that name, and its version
            # is the binary's.
            return (own, version), (_SIGNED.sub("linux", source), version)
        source_version = _BINARY_UPLOAD.sub("", source_version or version)
    return (own, version), (source, source_version or version)


def without_epoch(version: str) -> str:
    """ "2.0-1" for "1:2.0-1"."""
    return _EPOCH.sub("", version)


def _with_epoch(version: str, epoch: str) -> str:
    if not version or ":" in version or not epoch.isdigit() or epoch == "0":
        return version
    return f"{epoch}:{version}"


@lru_cache(maxsize=50_000)
def _upstream(purl: str) -> NameAndVersion:
    """The source package in Syft's qualifier: "glibc@2.36-9", "glibc-2.34-60.el9.src.rpm"."""
    said = qualifier(purl, "upstream")
    if said.endswith(".src.rpm"):
        name, *rest = said.removesuffix(".src.rpm").rsplit("-", 2)
        return name, "-".join(rest)
    name, _, version = said.partition("@")
    return name, version


def qualifier(purl: str, name: str) -> str:
    """A qualifier of a purl; "" when it has none of this name."""
    if f"{name}=" not in purl:
        return ""
    parsed = parse_purl(purl)
    qualifiers = parsed.qualifiers if parsed is not None else None
    return str(qualifiers.get(name, "")) if isinstance(qualifiers, dict) else ""
