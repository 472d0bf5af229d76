"""What a finding is about, in few words: its title, component, place, fix and witnesses."""

from __future__ import annotations

from collections.abc import Iterable

from vigie.model.components import Component
from vigie.model.findings import Finding
from vigie.model.observations import FixState, Kind, Location
from vigie.model.text import T, Words
from vigie.outlets.phrases.figures import line, middle
from vigie.outlets.phrases.labels import DECISIONS, FIX, decision_of

_DISTRIBUTIONS = frozenset({"alpm", "apk", "deb", "rpm"})  # purl types


def ranked(findings: Iterable[Finding]) -> list[Finding]:
    """Those that count first, the most urgent before the rest; the order of equals is kept."""
    return sorted(findings, key=_rank)


def _rank(finding: Finding) -> tuple[bool, int, float, int]:
    score = finding.priority.score if finding.priority else 0.0
    urgency = DECISIONS.index(decision_of(finding))
    return not finding.status.counts, urgency, -score, -finding.severity.rank


def title_of(finding: Finding) -> str:
    """One line that says what it is, "" when its id is all there is."""
    title = line(finding.rule.title) or line(finding.message) or line(finding.rule.description)
    return "" if title == finding.rule.id else title


def named(component: Component | None) -> str:
    """ "libssl3 3.0.11", "" for none."""
    return line(f"{component.name} {component.version}") if component else ""


def place(location: Location | None) -> str:
    """The shortest words that say where: "app/db.py:14", a URL, a resource, or ""."""
    if location is None:
        return ""
    if location.path:
        start = location.start_line
        return line(location.path if start is None else f"{location.path}:{start}")
    return line(location.url or location.resource or location.layer or location.commit)


def places_of(finding: Finding) -> list[str]:
    """Every distinct place of its instances, in their order."""
    return list(dict.fromkeys(filter(None, (place(i.location) for i in finding.instances))))


def where_of(finding: Finding, words: Words, longest: int = 0) -> str:
    """The first place, and how many more there are; each cut in the middle after `longest`.

    For a package of a distribution these are the binary packages built from it: that the
    package database lists them tells nobody where to mend it.
    """
    places = places_of(finding)
    component = finding.component
    if component is not None and component.type in _DISTRIBUTIONS:
        names = dict.fromkeys(line(i.name) for i in finding.instances if i.name)
        places = [name for name in names if name != component.name]
    if longest:
        places = [middle(place, longest) for place in places]
    if len(places) < 2:
        return places[0] if places else ""
    more = words(T("and {count} more", count=len(places) - 1))
    return f"{places[0]} {more}"


def reasons_of(finding: Finding, words: Words, most: int = 0) -> str:
    """Why it has its decision, in words; the first `most` of the reasons, 0 for all."""
    said = finding.priority.reasons if finding.priority else ()
    return line("; ".join(words(reason.text) for reason in (said[:most] if most else said)))


def fix_of(finding: Finding, words: Words) -> str:
    """ "→ 2.17.1", or in words why there is no version; "" where versions mean nothing."""
    if finding.fix.versions:
        return f"→ {line(finding.fix.versions[0])}"
    if finding.kind is Kind.VULNERABILITY or finding.fix.state is not FixState.UNKNOWN:
        return words(FIX[finding.fix.state])
    return ""


def agreement_of(finding: Finding, words: Words) -> str:
    """ "2 of 3": how many of the tools that could have known said it."""
    said = finding.agreement.said or finding.sources
    knew = sum(absence.could_know for absence in finding.agreement.absences)
    return words(T("{said} of {able}", said=len(said), able=len(said) + knew))
