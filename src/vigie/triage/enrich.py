"""Adds what the feeds know about a vulnerability to what the scanners said."""

from __future__ import annotations

from dataclasses import replace

from vigie.model.findings import Finding
from vigie.model.observations import Kind, Signals
from vigie.ports.feeds import Knowledge
from vigie.triage.identifiers import is_cve, spell


def enrich(finding: Finding, knowledge: Knowledge) -> Finding:
    """The finding with KEV and EPSS from the feeds; a feed that is absent changes nothing.

    With the KEV catalogue at hand, a CVE that it does not list is known not to be listed.
    """
    if finding.kind is not Kind.VULNERABILITY:
        return finding
    cves = [n for n in map(spell, (finding.rule.id, *finding.rule.aliases)) if is_cve(n)]
    if not cves:
        return finding
    signals = _with_kev(finding.signals, cves, knowledge)
    entries = [knowledge.epss[cve] for cve in cves if cve in knowledge.epss]
    if entries:
        best = max(entries, key=lambda entry: entry.score)
        signals = replace(signals, epss=best.score, epss_percentile=best.percentile)
    return finding if signals == finding.signals else replace(finding, signals=signals)


def _with_kev(signals: Signals, cves: list[str], knowledge: Knowledge) -> Signals:
    listed = [knowledge.kev[cve] for cve in cves if cve in knowledge.kev]
    if listed:
        ransomware = any(entry.ransomware for entry in listed) or signals.ransomware
        return replace(signals, kev=True, ransomware=ransomware or None)
    if knowledge.kev_date and signals.kev is None:
        return replace(signals, kev=False)
    return signals
