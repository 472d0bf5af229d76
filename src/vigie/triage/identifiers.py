"""Names of vulnerabilities: their spelling, their families, and which alias which."""

from __future__ import annotations

import re
from collections.abc import Iterable

from vigie.model.observations import Rule
from vigie.triage.forgetting import kept

_CVE = re.compile(r"^CVE[-_ ]?(\d{4})-(\d{4,})$", re.IGNORECASE)
_GHSA = re.compile(r"^GHSA(-[0-9a-z]{4}){3}$", re.IGNORECASE)

# Which name a finding goes by when there is no CVE: the nearer to the flaw, the earlier.
_FAMILIES = ("CVE-", "GHSA-", "PYSEC-", "GO-", "RUSTSEC-", "OSV-", "MAL-", "SNYK-")

# Advisories of distributions: each may be about any number of flaws, so two flaws that it
# names are not one for that.
_ERRATUM = re.compile(
    r"(?:DSA|DLA|USN|RH[SBE]A|[EARC][LE][SBE]A|RXSA|RL[SBE]A|ALAS\w*|ALINUX\w*|MGASA|GLSA|ASA|AVG"
    r"|FEDORA|FEDORA-EPEL|(?:OPEN)?SUSE-\w+|PHSA|OESA|ROSA|BELL|CLSA|TEMP|DTSA)-"
)


@kept(200_000)
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


@kept(200_000)
def is_erratum(identifier: str) -> bool:
    """True for a distribution's advisory (DSA, RHSA, ALAS…) in its one spelling."""
    return bool(_ERRATUM.match(identifier))


def preference(identifier: str) -> tuple[int, str]:
    """Sort key: CVE first, then the families that name one flaw, then vendors' advisories."""
    for rank, family in enumerate(_FAMILIES):
        if identifier.startswith(family):
            return rank, identifier
    return len(_FAMILIES) + is_erratum(identifier), identifier


def names_of(rule: Rule) -> tuple[str, ...]:
    """The rule's own id and its aliases, spelt, own id first, none twice."""
    if not rule.aliases:
        return (spell(rule.id),)
    return tuple(dict.fromkeys(spell(name) for name in (rule.id, *rule.aliases) if name))


def cves_of(names: Iterable[str]) -> tuple[str, ...]:
    """The CVEs among names in their one spelling."""
    return tuple([name for name in names if name.startswith("CVE-")])


def is_about_several(rule: Rule) -> bool:
    """True for a rule that names more than one CVE: an advisory about several flaws."""
    return len(rule.aliases) > 0 and len(cves_of(names_of(rule))) > 1


class Aliases:
    """The alias graph of one package.

    Edges come from single observations: each says that its own id and aliases are one flaw.
    An identifier that leads to several CVEs is an advisory about several flaws; it is never
    a bridge between them, because two CVEs are two flaws by definition. Neither is a
    distribution's advisory, which may cover flaws that have no CVE yet.
    """

    def __init__(self) -> None:
        self._edges: dict[str, set[str]] = {}
        self._resolved: dict[tuple[str, ...], tuple[str, ...]] = {}

    def add(self, names: tuple[str, ...]) -> None:
        """One observation's names."""
        if len(names) == 1:
            self._edges.setdefault(names[0], set())
            return
        # What an advisory about several flaws names is one of them each: edges to the CVEs.
        several = len(cves_of(names)) > 1
        for name in names:
            others = self._edges.setdefault(name, set())
            others.update(n for n in names if not several or is_cve(n) != is_cve(name))

    def flaws(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The flaws an observation with these names is about, by their best names.

        Its own CVEs if it has any; else the CVEs that its other names lead to; else the best
        name of everything it is connected with.
        """
        own = cves_of(names)
        if own:
            return own if len(own) == 1 else tuple(sorted(own))
        if names not in self._resolved:
            self._resolved[names] = self._search(names)
        return self._resolved[names]

    def _search(self, names: tuple[str, ...]) -> tuple[str, ...]:
        proper = tuple(name for name in names if not is_erratum(name))
        if proper:
            return self._one_flaw(proper)
        # Only advisories: the flaws that they are about, as far as anybody names them.
        reached = self._reach(names, through_errata=True)
        named = sorted(name for name in reached if not is_erratum(name))
        flaws = {flaw for name in named for flaw in self._one_flaw((name,))}
        return tuple(sorted(flaws)) or (min(reached, key=preference),)

    def _one_flaw(self, names: tuple[str, ...]) -> tuple[str, ...]:
        reached = self._reach(names, through_errata=False)
        cves = cves_of(sorted(reached))
        return cves or (min(reached, key=preference),)

    def _reach(self, names: tuple[str, ...], *, through_errata: bool) -> set[str]:
        """Everything connected with the names; a CVE is the end of a way, and so is an
        advisory, or where advisories are followed any name of a flaw."""
        reached: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name in reached:
                continue
            reached.add(name)
            if not is_cve(name) and is_erratum(name) is through_errata:
                waiting.extend(self._edges.get(name, ()))
        return reached
