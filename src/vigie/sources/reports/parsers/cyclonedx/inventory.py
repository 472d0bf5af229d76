"""Components of a bill of materials, and the product that it describes."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.model.assets import Asset, AssetKind
from vigie.model.components import Component
from vigie.model.identity import layers_digest
from vigie.model.observations import Kind, Location, Observation, Rule, Verdict
from vigie.sources.reports.packages import (
    component_from_purl,
    image_from_purl,
    purl_type,
)
from vigie.sources.reports.parsers.cyclonedx.bom import Bom
from vigie.sources.reports.records import Record

_KINDS = {
    "container": AssetKind.IMAGE,
    "application": AssetKind.REPOSITORY,
    "framework": AssetKind.REPOSITORY,
    "library": AssetKind.REPOSITORY,
    "file": AssetKind.REPOSITORY,
    "operating-system": AssetKind.HOST,
    "device": AssetKind.HOST,
}
_TRIVY = "aquasecurity:trivy:"
_PATHS = (_TRIVY + "FilePath", "SrcFile", "syft:location:0:path")
_LAYERS = (_TRIVY + "LayerDiffID", "syft:location:0:layerID")


def observe_component(record: Record) -> Observation:
    """The inventory statement of one component, without the component itself."""
    return Observation(
        tool="cyclonedx",
        kind=Kind.LICENCE,
        rule=Rule("component"),
        record=record.pointer,
        verdict=Verdict.NOT_APPLICABLE,
        locations=tuple(_locations(record)),
    )


def component_of(record: Record) -> Component:
    """The package that a component is. Raises RecordError when it has no name."""
    purl = record.text("purl")
    named = component_from_purl(purl)
    name = "/".join(filter(None, (record.text("group"), record.need("name"))))
    own = properties(record)
    source = own.get(_TRIVY + "SrcName", "") or (named.source_name if named else "")
    return Component(
        name=named.name if named else name,
        version=record.text("version") or (named.version if named else ""),
        type=purl_type(purl),
        purl=purl,
        source_name=source,
        source_version=_source_version(own) or (named.source_version if named else ""),
        distro=named.distro if named else "",
        licences=tuple(dict.fromkeys(_licences(record))),
    )


def properties(record: Record) -> dict[str, str]:
    """Names and values of a component's or vulnerability's properties; the first of a name."""
    found: dict[str, str] = {}
    for item in record.children("properties"):
        found.setdefault(item.text("name"), item.text("value"))
    return found


def direct_refs(bom: Bom) -> frozenset[str] | None:
    """Refs the product asks for itself; None when the graph does not say.

    A graph without any edge between packages is a flat list, which says nothing. Components
    that are no packages (a lock file, as Trivy writes it) are passed through.
    """
    root = bom.metadata.child("component")
    start = root.text("bom-ref")
    if root.text("type") == "container" or start not in bom.dependencies:
        return None
    records = (entry.data for entry in bom.components if isinstance(entry.data, dict))
    packages = {
        record.text("bom-ref") for record in map(Record, records) if record.text("purl")
    }  # fmt: skip
    if not any(bom.dependencies.get(reference) for reference in packages):
        return None
    waiting, seen, found = [start], {start}, set()
    while waiting:
        for below in bom.dependencies.get(waiting.pop(), ()):
            if below in packages:
                found.add(below)
            elif below not in seen:
                seen.add(below)
                waiting.append(below)
    return frozenset(found)


def product(bom: Bom) -> Asset | None:
    """What the document is about (metadata.component); None when it does not say."""
    root = bom.metadata.child("component")
    name, version = root.text("name"), root.text("version")
    if not name:
        return None
    kind = _KINDS.get(root.text("type"), AssetKind.SBOM)
    distro = next(_distributions(bom), "")
    if kind is not AssetKind.IMAGE:
        return Asset(kind, "/".join(filter(None, (root.text("group"), name))), distro=distro)
    if version and not version.startswith("sha256:") and ":" not in name.rpartition("/")[2]:
        name = f"{name}:{version}"
    named = image_from_purl(root.text("purl"))
    digests = set(named.digests if named else ()) | set(_digests(root, version))
    tags = [p.text("value") for p in root.children("properties")
            if p.text("name") == _TRIVY + "RepoTag"]  # fmt: skip
    return Asset(kind, name, frozenset(digests), tuple(filter(None, tags)), distro)


def _digests(root: Record, version: str) -> Iterator[str]:
    if version.startswith("sha256:"):
        yield f"manifest:{version}"
    own = list(root.children("properties"))
    for item in own:
        value = item.text("value")
        if item.text("name") == _TRIVY + "ImageID" and value:
            yield f"config:{value}"
        if item.text("name") == _TRIVY + "RepoDigest" and "@" in value:
            yield f"manifest:{value.rpartition('@')[2]}"
    layers = [item.text("value") for item in own if item.text("name") == _TRIVY + "DiffID"]
    if layers:
        yield layers_digest(layers)


def _distributions(bom: Bom) -> Iterator[str]:
    for entry in bom.components:
        if isinstance(entry.data, dict) and entry.data.get("type") == "operating-system":
            record = Record(entry.data)
            yield "-".join(filter(None, (record.text("name"), record.text("version"))))


def _source_version(own: dict[str, str]) -> str:
    """Trivy gives the source package's version in its parts."""
    version, release = own.get(_TRIVY + "SrcVersion", ""), own.get(_TRIVY + "SrcRelease", "")
    epoch = own.get(_TRIVY + "SrcEpoch", "")
    plain = f"{version}-{release}" if version and release else version
    return f"{epoch}:{plain}" if plain and epoch not in ("", "0") else plain


def _licences(record: Record) -> Iterator[str]:
    for item in record.children("licenses"):
        licence = item.child("license")
        said = item.text("expression") or licence.text("id") or licence.text("name")
        if said and said.upper() not in ("NOASSERTION", "NONE"):
            yield said


def _locations(record: Record) -> Iterator[Location]:
    own = properties(record)
    layer = next((own[name] for name in _LAYERS if own.get(name)), "")
    paths = [own[name] for name in _PATHS if own.get(name)]
    paths += [item.text("location") for item in record.children("evidence", "occurrences")]
    for path in dict.fromkeys(filter(None, paths)):
        yield Location(path=path, layer=layer)
