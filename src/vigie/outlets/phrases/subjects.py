"""What a finding is about, in few words: its title, component, place, fix and witnesses."""

from __future__ import annotations

import re
from collections.abc import Iterable

from vigie.model.components import Component
from vigie.model.findings import Finding
from vigie.model.observations import FixState, Kind, Location, Rule
from vigie.model.results import Result
from vigie.model.text import T, Words
from vigie.outlets.phrases.figures import line, middle
from vigie.outlets.phrases.labels import DECISIONS, FIX, decision_of

_DISTRIBUTIONS = frozenset({"alpm", "apk", "deb", "rpm"})  # purl types
_URGENCY = {decision: index for index, decision in enumerate(DECISIONS)}
_DIGEST = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{16,}([0-9a-f]{8})\b")


def ranked(findings: Iterable[Finding]) -> list[Finding]:
    """Those that count first, the most urgent before the rest; the order of equals is kept."""
    return sorted(findings, key=_rank)


def _rank(finding: Finding) -> tuple[bool, int, float, int]:
    score = finding.priority.score if finding.priority else 0.0
    urgency = _URGENCY[decision_of(finding)]
    return not finding.status.counts, urgency, -score, -finding.severity.rank


def title_of(finding: Finding, longest: int = 200) -> str:
    """One line that says what it is, "" when its id is all there is.

    The rule's title, else how the message or the description begins.
    """
    rule = finding.rule
    for said in (rule.title, finding.message, rule.description):
        title = line(_opening(said), longest)
        if title and title != rule.id:
            return title
    return ""


def news_in(message: str, rule: Rule) -> str:
    """What was said about this very finding; "" when its rule says the same already."""
    return "" if message in (rule.title, rule.description) else message


def _opening(text: str) -> str:
    """The first paragraph that is no heading: an advisory's text is often Markdown."""
    if "\n" not in text:
        return text.lstrip("# ")
    lines: list[str] = []
    for row in text.strip().splitlines():
        if row.startswith("#"):
            continue
        if not row.strip() and lines:
            break
        lines.append(row)
    return " ".join(lines)


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


def spots_of(finding: Finding) -> list[str]:
    """The places that tell where to mend it.

    For a package of a distribution these are the binary packages built from it: that the
    package database lists them tells nobody anything.
    """
    component = finding.component
    if component is None or component.type not in _DISTRIBUTIONS:
        return places_of(finding)
    names = dict.fromkeys(line(i.name) for i in finding.instances if i.name)
    return [name for name in names if name != component.name]


def where_of(finding: Finding, words: Words, longest: int = 0) -> str:
    """The first place, and how many more there are; each cut in the middle after `longest`."""
    places = spots_of(finding)
    if longest:
        places = [middle(place, longest) for place in places]
    if len(places) < 2:
        return places[0] if places else ""
    more = words(T("and {count} more", count=len(places) - 1))
    return f"{places[0]} {more}"


def short(name: str) -> str:
    """A name whose digests are cut in the middle: both ends tell them apart."""
    return _DIGEST.sub(r"\1…\2", line(name))


def asset_names(result: Result, words: Words) -> dict[str, str]:
    """How people call each asset, by its id."""
    return {
        item.id: short(item.asset.name) or words(T("target without a name"))
        for item in result.assets
    }


def reasons_of(finding: Finding, words: Words, most: int = 0) -> str:
    """Why it has its decision, in words; the first `most` of the reasons, 0 for all."""
    said = finding.priority.reasons if finding.priority else ()
    return line(" · ".join(words(reason.text) for reason in (said[:most] if most else said)))


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
