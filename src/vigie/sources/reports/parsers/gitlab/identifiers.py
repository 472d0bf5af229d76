"""Identifiers of a GitLab vulnerability: which is its name, which are others of the same."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vigie.sources.reports.places import cwe_ids
from vigie.sources.reports.records import Record

# Types that name one flaw, as a CVE does, against a vendor's advisory over several.
_NAMES = frozenset({"cve", "ghsa", "osv", "pysec", "go", "rustsec", "snyk"})
_ADVISORY = re.compile(r"^[A-Za-z]+[-:]\w")  # "USN-4416-1", against an analyzer's number
_CLASSES = ("cwe", "owasp", "wasc", "capec")


@dataclass(frozen=True, slots=True)
class Names:
    """A rule's id and what else it is called, is related to, and belongs to."""

    id: str = ""
    title: str = ""
    aliases: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    weaknesses: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


def names_of(vulnerability: Record, known_flaw: bool) -> Names:
    """The names in `identifiers`. `known_flaw`: it is a published vulnerability in a package.

    Several CVEs in one vulnerability are several flaws: all are given as aliases, and the
    merge makes a finding of each. Other names could belong to any of them.
    """
    identifiers = list(vulnerability.children("identifiers"))
    weaknesses = [w for i in identifiers if _type(i) == "cwe" for w in _weakness(i)]
    others = [i for i in identifiers if not _type(i).startswith(_CLASSES)]
    references = (*(i.text("url") for i in identifiers),
                  *(link.text("url") for link in vulnerability.children("links")))  # fmt: skip
    primary = _spelt(others[0]) if others else ""
    aliases: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    if known_flaw:
        said = [_spelt(i) for i in others if _type(i) in _NAMES]
        advisories = [_spelt(i) for i in others if _type(i) not in _NAMES]
        cves = [name for name in said if name.startswith("CVE-")]
        if len(set(cves)) > 1:
            aliases = tuple(name for name in cves if name != primary)
            others_said = (name for name in (*said, *advisories) if name not in cves)
            related = tuple(name for name in others_said if name != primary)
        else:
            primary = (cves or said or [primary])[0]
            aliases = tuple(name for name in said if name != primary)
            related = tuple(n for n in advisories if n != primary and _ADVISORY.match(n))
    return Names(
        id=primary,
        title=others[0].text("name") if others else "",
        aliases=tuple(dict.fromkeys(aliases)),
        related=tuple(dict.fromkeys(filter(None, related))),
        weaknesses=tuple(dict.fromkeys(weaknesses)),
        references=tuple(dict.fromkeys(url for url in references if "://" in url)),
    )


def _type(identifier: Record) -> str:
    return identifier.text("type").lower()


def _weakness(identifier: Record) -> tuple[str, ...]:
    """The number is in the value ("79", "CWE-79") or, where that holds words, in the name."""
    value = identifier.text("value")
    return cwe_ids(f"CWE-{value}" if value.isdigit() else value, identifier.text("name"))[:1]


def _spelt(identifier: Record) -> str:
    """The value, unless it is a sentence, as some analyzers write it; then the name."""
    value, name = identifier.text("value"), identifier.text("name")
    if _type(identifier) == "cve" and value[:1].isdigit():
        return f"CVE-{value}"
    if value and (" " not in value or not name or " " in name):
        return value
    return name
