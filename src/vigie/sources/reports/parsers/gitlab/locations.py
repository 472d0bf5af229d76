"""Places in GitLab reports: a file, a page of a service, a dependency, a workload."""

from __future__ import annotations

import re

from vigie.model.identity import anchor, secret_anchor
from vigie.model.observations import Kind, Location
from vigie.sources.reports.places import clean_path
from vigie.sources.reports.records import Record

# In an old `cve` key such as "a.py:52865813…:B108" the middle is a hash of the code.
_HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{32,128}(?![0-9a-f])")
_NO_COMMIT = re.compile(r"^0*$")


def locations_of(vulnerability: Record, kind: Kind) -> tuple[Location, ...]:
    """Where the vulnerability is; empty for a package of an image, which is told by its name."""
    place = vulnerability.child("location")
    path = place.text("file")
    commit = place.text("commit", "sha")
    location = Location(
        path=clean_path(path),
        start_line=place.line("start_line"),
        end_line=place.line("end_line"),
        url=_url(place),
        resource=_resource(place),
        commit="" if _NO_COMMIT.match(commit) else commit,
        anchor=_anchor(vulnerability, place, kind),
    )
    return (location,) if location != Location() else ()


def _url(place: Record) -> str:
    host, path = place.text("hostname"), place.text("path")
    return host.rstrip("/") + "/" + path.lstrip("/") if host and path else host or path


def _resource(place: Record) -> str:
    """A workload of a cluster as "namespace/kind/name/container"."""
    workload = place.child("kubernetes_resource")
    if workload:
        parts = (workload.text(n) for n in ("namespace", "kind", "name", "container_name"))
        return "/".join(filter(None, parts))
    return ""


def _anchor(vulnerability: Record, place: Record, kind: Kind) -> str:
    extract = vulnerability.text("raw_source_code_extract")
    if kind is Kind.SECRET and extract:
        return secret_anchor(extract)
    if kind is Kind.VULNERABILITY:
        return ""  # a package is known by its name
    if place.text("hostname"):
        said = f"{place.text('method')} {place.text('param')}".strip()
        return anchor(said) if place.text("param") else ""
    if place.text("crash_state"):
        return anchor(place.text("crash_state"))
    old = _HASH.search(vulnerability.text("cve"))
    return anchor(extract) or anchor(_signature(vulnerability)) or (anchor(old[0]) if old else "")


def _signature(vulnerability: Record) -> str:
    """The signature by scope: it names the function around the hit and the offset in it.

    The signature "location" holds the line's number and moves with it. (Tracking, 14.0)
    """
    found = {
        signature.text("algorithm"): signature.text("value")
        for item in vulnerability.children("tracking", "items")
        for signature in item.children("signatures")
    }
    stable = [name for name in sorted(found) if name not in ("", "location")]
    for name in ("hash", "scope_offset_compressed", "scope_offset", *stable):
        if found.get(name):
            return found[name]
    return ""
