"""Packages in SARIF: the format has no field for them, so each tool says them its own way."""

from __future__ import annotations

import re

from vigie.model.components import Component
from vigie.model.ecosystems import package_type
from vigie.model.observations import Fix, FixState
from vigie.sources.reports.packages import component_from_purl
from vigie.sources.reports.parsers.sarif.artifacts import logical_name
from vigie.sources.reports.records import Record

ADVISORY = re.compile(
    r"^(CVE-\d{4}-\d{4,}|GHSA(?:-[0-9a-z]{4}){3}|PYSEC-\d{4}-\d+|GO-\d{4}-\d+|RUSTSEC-\d{4}-\d+"
    r"|MAL-\d{4}-\d+|DSA-\d+-\d+|DLA-\d+-\d+|USN-\d+-\d+|RHSA-\d{4}:\d+|ALAS2?-\d{4}-\d+"
    r"|SNYK-[A-Z0-9]+-[A-Z0-9._-]+-\d+)(?:-(.+))?$",
    re.IGNORECASE,
)

# How Trivy, Grype and OSV-Scanner word a vulnerable package in a result's message.
_TRIVY = re.compile(
    r"Package: (?P<name>\S+)\s+Installed Version: (?P<version>\S*)"
    r"(?:[\s\S]*?Fixed Version:[ \t]*(?P<fixed>[^\n]*))?"
)
_GRYPE = re.compile(
    r"vulnerability in (?P<type>[\w-]+) package: (?P<name>\S+), version (?P<version>\S+)"
)
_OSV = re.compile(r"Package '(?P<name>[^'@]+|@[^'@]+)@(?P<version>[^']+)'")
_AT = re.compile(r"^(?P<name>@?[^@\s]+)@(?P<version>[^@\s]+)$")
_FIXED_SPLIT = re.compile(r"\s*,\s*")


def package_of(rule: Record, result: Record, message: str) -> Component | None:
    """The vulnerable package, None when it is not told."""
    names = [logical_name(place) for place in result.children("locations")]
    purls = (*rule.texts("properties", "purls"), *rule.texts("properties", "purl"),
             *result.texts("properties", "purl"), *names)  # fmt: skip
    for said in purls:
        component = component_from_purl(said)
        if component is not None:
            return component
    for pattern in (_TRIVY, _GRYPE, _OSV):
        found = pattern.search(message)
        if found:
            kind = package_type(found.groupdict().get("type", ""))
            return Component(found["name"], found["version"], kind)
    for name in names:
        found = _AT.match(name)
        if found:
            return Component(found["name"], found["version"])
    return None


def fix_of(result: Record, message: str) -> Fix:
    """Fixed versions out of Trivy's message, else the words of the result's own fixes."""
    found = _TRIVY.search(message)
    if found and found["fixed"] is not None:
        versions = tuple(filter(None, _FIXED_SPLIT.split(found["fixed"].strip())))
        return Fix(FixState.FIXED, versions) if versions else Fix(FixState.NOT_FIXED)
    words = [fix.text("description", "text") for fix in result.children("fixes")]
    return Fix(advice=next(filter(None, words), ""))
