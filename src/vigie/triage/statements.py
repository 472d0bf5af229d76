"""What a VEX statement speaks about: which package of which asset, and when it was made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote

from vigie.model.assets import Asset, AssetKind
from vigie.model.components import Component
from vigie.model.ecosystems import SYSTEM_TYPES
from vigie.model.findings import Finding
from vigie.model.observations import Claim
from vigie.triage.asset_names import full_name, stable_name
from vigie.triage.forgetting import kept
from vigie.triage.packages import (
    parse_purl,
    plain_version,
    purl_matches,
    purl_package,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """One installed package of a finding: its purls, or where no tool gave one its name."""

    component: Component
    purls: frozenset[str]


def subjects_of(finding: Finding) -> list[Subject]:
    """Every installed package that the finding is about; itself when it names no instance."""
    whole = finding.component or Component("")
    subjects: dict[Subject, None] = {}
    for one in finding.instances:
        component = Component(
            one.name, one.version, whole.type, one.purl, whole.name, whole.version
        )
        purls = {one.purl, whole.purl if whole.version == one.version else ""} - {""}
        subjects[Subject(component, frozenset(purls))] = None
    return list(subjects) or [Subject(whole, frozenset({whole.purl} - {""}))]


def speaks_of(claim: Claim, subject: Subject, asset: Asset) -> bool:
    """True when a product of the statement is the package, or when a product is the asset and
    its subcomponents (if it names any) hold the package."""
    if any(_is_package(product, subject) for product in claim.products):
        return True
    if not any(is_asset(product, asset) for product in claim.products):
        return False
    return not claim.subcomponents or any(_is_package(p, subject) for p in claim.subcomponents)


def is_all(said: str, finding: Finding) -> bool:
    """True when a name or purl means every package of the finding: what is said of version 1
    is not said of the version 2 beside it."""
    return finding.component is not None and all(
        _is_package(said, subject) for subject in subjects_of(finding)
    )


def _is_package(said: str, subject: Subject) -> bool:
    own = subject.component
    if said and said in (own.name, own.source_name):
        return True
    if any(purl_matches(said, purl) for purl in subject.purls):
        return True
    purl = parse_purl(said)
    if purl is None:
        return False
    if any(purl_matches(said, source) for source in _source_purls(subject)):
        return True
    if subject.purls:
        return False  # they have been compared, with their namespaces and qualifiers
    package, versions = purl_package(said), [own.version]
    if package != purl_package("", own.type, own.name):
        if not package.is_system or package != purl_package("", own.type, own.source_name):
            return False
        versions.append(own.source_version)
    return not purl.version or plain_version(purl.version) in map(plain_version, versions)


def _source_purls(subject: Subject) -> Iterator[str]:
    """A distribution speaks about source packages: the binaries' purls with those names."""
    own = subject.component
    if not own.source_name:
        return
    for text in subject.purls:
        purl = parse_purl(text)
        if purl is None or purl.type not in SYSTEM_TYPES:
            continue
        for version in dict.fromkeys((own.source_version, own.version)):
            yield purl._replace(name=own.source_name, version=version or None).to_string()


def is_asset(product: str, asset: Asset) -> bool:
    """True when a product id names the asset: its name, a tag, or an OCI purl or digest of it."""
    if not product:
        return False
    text = unquote(product)
    if product in (asset.name, *asset.tags) or text in (asset.name, *asset.tags):
        return True
    digests = {d.partition(":")[2] for d in asset.digests}
    if any(digest and digest in text for digest in digests):
        return True
    return asset.kind is AssetKind.IMAGE and _is_image(product, asset)


@kept(10_000)
def _is_image(product: str, asset: Asset) -> bool:
    """True for a reference or purl of an image; one with another digest is another image."""
    full = {full_name(name) for name in (asset.name, *asset.tags) if name}
    purl = parse_purl(product)
    if purl is None:
        return full_name(product) in full
    if purl.type not in ("oci", "docker") or (purl.version or "").startswith("sha256:"):
        return False
    qualifiers = purl.qualifiers if isinstance(purl.qualifiers, dict) else {}
    plain = "/".join(filter(None, (purl.namespace, purl.name)))
    name = qualifiers.get("repository_url", "") or plain
    tag = qualifiers.get("tag", "") or purl.version or ""
    if tag:
        return full_name(f"{name}:{tag}") in full
    return stable_name(Asset(AssetKind.IMAGE, name)) == stable_name(asset)


@kept(10_000)
def moment(timestamp: str) -> float:
    """Seconds since 1970 of an ISO 8601 time, in UTC where it names no zone; the oldest there
    is for none or one that cannot be read."""
    try:
        read = datetime.fromisoformat(timestamp.strip())
    except ValueError:
        return float("-inf")
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
