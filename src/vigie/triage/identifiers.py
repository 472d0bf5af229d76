"""Names of vulnerabilities: their spelling, their families, and which alias which."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from vigie.model.observations import Rule

_CVE = re.compile(r"^CVE[-_ ]?(\d{4})-(\d{4,})$", re.IGNORECASE)
_GHSA = re.compile(r"^GHSA(-[0-9a-z]{4}){3}$", re.IGNORECASE)

# Which name a finding goes by when there is no CVE: the nearer to the flaw, the earlier.
_FAMILIES = ("CVE-", "GHSA-", "PYSEC-", "GO-", "RUSTSEC-", "OSV-", "MAL-", "SNYK-")


@lru_cache(maxsize=200_000)
def spell(identifier: str) -> str:
    """One spelling for each identifier: CVE upper case, GHSA lower-case tail, others upper."""
    text = identifier.strip()
    if match := _CVE.match(text):
        return f"CVE-{match[1]}-{match[2]}"
    if _GHSA.match(text):
        return "GHSA" + text[4:].lower()
    return text.upper()


def is_cve(identifier: str) -> bool:
    """True for a CVE in its one spelling."""
    return identifier.startswith("CVE-")


def preference(identifier: str) -> tuple[int, str]:
    """Sort key: CVE first, then the families that name one flaw, then vendors' advisories."""
    for rank, family in enumerate(_FAMILIES):
        if identifier.startswith(family):
            return rank, identifier
    return len(_FAMILIES), identifier


def names_of(rule: Rule) -> tuple[str, ...]:
    """The rule's own id and its aliases, spelt, own id first, none twice."""
    return tuple(dict.fromkeys(spell(name) for name in (rule.id, *rule.aliases) if name))


class Aliases:
    """The alias graph of one package.

    Edges come from single observations: each says that its own id and aliases are one flaw.
    An identifier that leads to several CVEs is an advisory about several flaws; it is never
    a bridge between them, because two CVEs are two flaws by definition.
    """

    def __init__(self) -> None:
        self._edges: dict[str, set[str]] = {}
        self._resolved: dict[str, tuple[str, ...]] = {}

    def add(self, names: Iterable[str]) -> None:
        """One observation's names."""
        names = tuple(names)
        for name in names:
            self._edges.setdefault(name, set()).update(names)

    def flaws(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The flaws an observation with these names is about, by their best names.

        Its own CVEs if it has any; else the CVEs that its other names lead to; else the best
        name of everything it is connected with.
        """
        own = tuple(sorted(name for name in names if is_cve(name)))
        if own:
            return own
        if names[0] not in self._resolved:
            self._resolved[names[0]] = self._search(names)
        return self._resolved[names[0]]

    def _search(self, names: tuple[str, ...]) -> tuple[str, ...]:
        reached: set[str] = set()
        cves: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name in reached:
                continue
            reached.add(name)
            if is_cve(name):
                cves.add(name)  # stop here: what lies behind a CVE is about that CVE
                continue
            waiting.extend(self._edges.get(name, ()))
        return tuple(sorted(cves)) or (min(reached, key=preference),)
