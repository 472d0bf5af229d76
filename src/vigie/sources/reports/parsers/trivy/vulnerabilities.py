"""Trivy's vulnerabilities (`DetectedVulnerability`)."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.model.components import Component
from vigie.model.ecosystems import SYSTEM_TYPES
from vigie.model.observations import (
    Claim,
    Fix,
    FixState,
    Kind,
    Location,
    Observation,
    Rule,
    Score,
    Stance,
)
from vigie.model.severity import severity_from_word
from vigie.sources.reports.cvss import cvss_score
from vigie.sources.reports.packages import purl_type
from vigie.sources.reports.parsers.trivy.target import Target, whole_version
from vigie.sources.reports.records import Record

# trivy-db `Severity` as numbers in `VendorSeverity`.
_VENDOR_WORDS = ("UNKNOWN", "LOW", "MEDIUM", "HIGH", "CRITICAL")

_FIX_STATES = {
    "fixed": FixState.FIXED,
    "affected": FixState.NOT_FIXED,
    "will_not_fix": FixState.WILL_NOT_FIX,
    "fix_deferred": FixState.DEFERRED,
    "end_of_life": FixState.END_OF_LIFE,
}

# An advisory of these covers any number of flaws, so it is not another name of one.
_ERRATA = ("RHSA", "RHBA", "RHEA", "ELSA", "ALSA", "RLSA", "ALAS", "DSA", "DLA", "USN", "SUSE",
           "OPENSUSE", "GLSA", "FEDORA")  # fmt: skip

_DIRECT = {"direct": True, "root": True, "workspace": True, "indirect": False}


def observe_vulnerability(record: Record, target: Target) -> Observation:
    """One vulnerability of one package."""
    package = target.package(record)
    severity = record.text("Severity")
    status = record.text("Status").lower()
    return Observation(
        tool="trivy",
        kind=Kind.VULNERABILITY,
        rule=_rule(record),
        record=record.pointer,
        severity=severity_from_word(severity),
        severity_said=severity,
        severities=_severities(record),
        scores=tuple(_scores(record)),
        message=record.text("Title"),
        component=_component(record, package, target),
        locations=_locations(record, package, target),
        fix=_fix(record, status),
        claim=_vendor_claim(record) if status == "not_affected" else None,
    )


def _rule(record: Record) -> Rule:
    identity = record.need("VulnerabilityID")
    others = [other for other in record.texts("VendorIDs") if other != identity]
    errata = [other for other in others if other.upper().startswith(_ERRATA)]
    references = (record.text("PrimaryURL"), *record.texts("References"))
    return Rule(
        id=identity,
        aliases=tuple(other for other in others if other not in errata),
        title=record.text("Title"),
        description=record.text("Description"),
        references=tuple(dict.fromkeys(filter(None, references))),
        weaknesses=record.texts("CweIDs"),
        related=tuple(errata),
        published=record.text("PublishedDate"),
    )


def _severities(record: Record) -> tuple[tuple[str, str], ...]:
    """Every vendor's word; the one Trivy chose is among them, or is named as the source."""
    vendors = record.child("VendorSeverity")
    said = [
        (vendor, _VENDOR_WORDS[level])
        for vendor in vendors.data
        if (level := vendors.integer(vendor)) is not None and 0 <= level < len(_VENDOR_WORDS)
    ]
    chosen = record.text("SeveritySource")
    if chosen and record.text("Severity") and chosen not in vendors.data:
        said.append((chosen, record.text("Severity")))
    return tuple(said)


def _scores(record: Record) -> Iterator[Score]:
    sources = record.child("CVSS")
    for source in sources.data:
        rating = sources.child(source)
        for prefix, version in (("V2", "2.0"), ("V3", "3.1"), ("V40", "4.0")):
            score = cvss_score(
                source, rating.text(f"{prefix}Vector"), rating.number(f"{prefix}Score"), version
            )
            if score is not None:
                yield score


def _component(record: Record, package: Record, target: Target) -> Component:
    purl = record.text("PkgIdentifier", "PURL") or package.text("Identifier", "PURL")
    kind = purl_type(purl) or target.type
    relationship = package.text("Relationship").lower()
    direct = _DIRECT.get(relationship)
    if direct is None and package.flag("Indirect"):
        direct = False
    return Component(
        name=record.need("PkgName"),
        version=record.text("InstalledVersion"),
        type=kind,
        purl=purl,
        source_name=package.text("SrcName"),
        source_version=whole_version(package, "Src"),
        distro=target.distro if kind in SYSTEM_TYPES else "",
        licences=package.texts("Licenses"),
        direct=direct,
    )


def _locations(record: Record, package: Record, target: Target) -> tuple[Location, ...]:
    layer = record.text("Layer", "DiffID") or record.text("Layer", "Digest")
    path = record.text("PkgPath") or package.text("FilePath") or target.path
    lines = next(package.children("Locations"), Record({}))
    if not path and not layer:
        return ()
    return (
        Location(
            path=path,
            layer=layer,
            start_line=lines.line("StartLine"),
            end_line=lines.line("EndLine"),
        ),
    )


def _fix(record: Record, status: str) -> Fix:
    versions = tuple(
        version.strip() for version in record.text("FixedVersion").split(",") if version.strip()
    )
    state = _FIX_STATES.get(status, FixState.UNKNOWN)
    if versions and state in (FixState.UNKNOWN, FixState.NOT_FIXED):
        state = FixState.FIXED  # reports before 0.42 have no status
    return Fix(state, versions)


def _vendor_claim(record: Record) -> Claim:
    source = record.text("DataSource", "Name") or record.text("SeveritySource") or "trivy"
    return Claim(Stance.NOT_AFFECTED, statement="not_affected", author=source)
