"""Which advisory Clair's free-form vulnerability names and links speak of."""

from __future__ import annotations

import re

from vigie.model.observations import Rule
from vigie.sources.reports.records import Record

_CVE = re.compile(r"\bCVE-\d{4}-\d{4,}\b", re.IGNORECASE)
_GHSA = re.compile(r"\bGHSA(?:-[0-9a-z]{4}){3}\b")
_ERRATUM = re.compile(r"\b(?:RHSA|RHBA|ELSA|ALAS|USN|DSA|DLA)-[\w:.-]*\d\b")


def advisory_rule(vulnerability: Record) -> Rule:
    """Clair's name is the vendor's headline: "RHSA-2019:2237: nss security update (Moderate)".

    The first word is the advisory. For one that covers several flaws the links name each CVE;
    for a CVE the links mention others, which are only related.
    """
    name = vulnerability.need("name")
    identity, _, title = name.partition(" ")
    identity = identity.rstrip(":,")
    links = vulnerability.text("links")
    found = [cve.upper() for cve in _CVE.findall(f"{name} {links}")]
    found += _GHSA.findall(f"{name} {links}")
    if identity.startswith("CVE-"):
        same = [other for other in found if other.startswith("GHSA-") and other in name]
    else:
        same = found
    related = [other for other in (*found, *_ERRATUM.findall(links)) if other not in same]
    return Rule(
        id=identity,
        aliases=tuple(other for other in dict.fromkeys(same) if other != identity),
        title=title.strip(),
        description=vulnerability.text("description"),
        references=tuple(dict.fromkeys(links.split())),
        related=tuple(other for other in dict.fromkeys(related) if other != identity),
        published=_known_date(vulnerability.text("issued")),
    )


def _known_date(date: str) -> str:
    """Go writes the year 1 for 'no date'."""
    return "" if date.startswith("0001-") else date
