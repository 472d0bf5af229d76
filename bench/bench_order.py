"""Order: of the findings whose CVE is known to be exploited, how many are near the top?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bench.measuring import NotMeasured, Row, corpus
from vigie.model.findings import Finding
from vigie.model.observations import Kind
from vigie.ports.feeds import Knowledge
from vigie.services.conclude import ConcludeOptions, conclude
from vigie.services.feeds import load_knowledge
from vigie.services.intake import Reading, read_paths
from vigie.triage.ratings import rating
from vigie.wiring.plugs import REPORTS, Plugs

TITLE = "Order: known-exploited findings near the top"
ABOUT = (
    "All reports of the corpus merged; recall of the findings whose CVE the CISA "
    "catalogue lists, in the top 5 % and top 10 % of each order. The catalogue is one of Vigie's "
    "inputs, so the honest row is the one where it is withheld. Grype's risk exists only in "
    "reports of its newer versions; where a finding has none it sorts last. The corpus holds few "
    "known-exploited flaws, so this shows the order at work rather than proves it."
)
_DATE = "2025-09-16T00:00:00Z"


def measure() -> Iterator[Row]:
    readings = read_paths([corpus("reports"), corpus("pairs")], Plugs(REPORTS))
    catalogue = corpus("advisories", "known_exploited_vulnerabilities.json")
    feeds = load_knowledge(catalogue, corpus("advisories", "epss-sample.csv"))
    listed = frozenset(feeds.kev)
    without = Knowledge(epss=feeds.epss, epss_date=feeds.epss_date)
    ranked = {
        "Vigie": _vulnerabilities(readings, feeds),
        "Vigie, catalogue withheld": _without_kev(_vulnerabilities(readings, without)),
    }
    plain = ranked["Vigie, catalogue withheld"]
    ranked["CVSS, highest first"] = sorted(plain, key=_cvss, reverse=True)
    ranked["Grype's risk, highest first"] = sorted(plain, key=_risk, reverse=True)
    exploited = sum(_is_listed(f, listed) for f in plain)
    if not exploited:
        raise NotMeasured("no finding of the corpus is in the catalogue")
    for label, findings in ranked.items():
        yield {
            "order": label,
            "findings": len(findings),
            "exploited": exploited,
            "recall in top 5 %": _recall(findings, listed, 0.05),
            "recall in top 10 %": _recall(findings, listed, 0.10),
        }


def _vulnerabilities(readings: Sequence[Reading], feeds: Knowledge) -> list[Finding]:
    options = ConcludeOptions(_DATE, knowledge=feeds)
    found = conclude(readings, options).findings
    return [f for f in found if f.kind is Kind.VULNERABILITY and f.status.counts]


def _without_kev(findings: list[Finding]) -> list[Finding]:
    """Fail loudly if a report carried the catalogue's word itself."""
    if any(f.signals.kev for f in findings):
        raise RuntimeError("a report of the corpus carries KEV data; withhold that too")
    return findings


def _cvss(finding: Finding) -> float:
    return max((v for s in finding.scores if (v := rating(s)) is not None), default=0.0)


def _risk(finding: Finding) -> float:
    return finding.signals.tool_risk or 0.0


def _is_listed(finding: Finding, listed: frozenset[str]) -> bool:
    return not listed.isdisjoint((finding.rule.id, *finding.rule.aliases))


def _recall(findings: Sequence[Finding], listed: frozenset[str], share: float) -> str:
    top = findings[: max(1, round(len(findings) * share))]
    hits = sum(_is_listed(f, listed) for f in top)
    return f"{hits}/{sum(_is_listed(f, listed) for f in findings)}"
