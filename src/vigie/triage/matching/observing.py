"""Observing: a hit becomes the observation that a scanner would have reported.

Aliases, severity and scores are read as the parser of OSV-Scanner's reports reads them, so that
what both say of one record is the same and joins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from vigie.model.advisories import Advisory
from vigie.model.inventory import Package
from vigie.model.observations import (
    Fix,
    FixState,
    Kind,
    Location,
    Observation,
    Rule,
    Score,
    Verdict,
)
from vigie.model.severity import Severity, severity_from_word
from vigie.model.text import T
from vigie.triage.identifiers import is_erratum, spell
from vigie.triage.matching.evaluation import Standing, refused
from vigie.triage.matching.judging import Hit

TOOL = "embedded"

# "DEBIAN-CVE-2024-1", "UBUNTU-CVE-2024-1": one distribution's view of one flaw.
_VIEW = re.compile(r"^[A-Z]+-(CVE-\d{4}-\d{4,})$")
_NOWHERE = Location()


class Observer:
    """Makes observations; what an advisory says is put together once for all its packages."""

    def __init__(self, advisories: Mapping[str, Advisory]) -> None:
        self._advisories = advisories
        self._rules: dict[str, Rule] = {}

    def observe(self, number: int, package: Package, hit: Hit, type_: str) -> Observation:
        """The observation numbered `number`. An undecided hit is no finding: its verdict says
        that nobody can tell."""
        advisory = self._advisories.get(hit.advisory) or Advisory(hit.advisory)
        word, severity = _severity(advisory, hit)
        decided = hit.standing is Standing.AFFECTED
        return Observation(
            tool=TOOL,
            kind=Kind.VULNERABILITY,
            rule=self._rule(advisory),
            record=f"matches[{number}]",
            verdict=Verdict.FAIL if decided else Verdict.UNKNOWN,
            severity=severity,
            severity_said=word,
            scores=_scores(advisory, hit),
            message=advisory.title if decided else _why_undecided(hit, type_),
            component=package.component,
            locations=() if package.location == _NOWHERE else (package.location,),
            fix=_fix(hit),
        )

    def _rule(self, advisory: Advisory) -> Rule:
        if advisory.id not in self._rules:
            self._rules[advisory.id] = rule_of(advisory)
        return self._rules[advisory.id]


def rule_of(advisory: Advisory) -> Rule:
    """The advisory as a rule: aliases are what it calls itself, and the flaws it is about."""
    covered, related = advisory.upstream, advisory.related
    if not covered and not advisory.aliases and is_erratum(spell(advisory.id)):
        # Before OSV 1.7 a distribution's advisory named them as related.
        covered, related = related, ()
    view = _VIEW.match(spell(advisory.id))
    names = (*advisory.aliases, *covered, *([view[1]] if view else ()))
    return Rule(
        id=advisory.id,
        aliases=tuple(name for name in dict.fromkeys(names) if name != advisory.id),
        title=advisory.title,
        description=advisory.description,
        references=advisory.references,
        weaknesses=advisory.weaknesses,
        related=related,
        published=advisory.published,
    )


def _severity(advisory: Advisory, hit: Hit) -> tuple[str, Severity]:
    """The word for this package alone, else the advisory's; one that nobody knows is kept."""
    words = [*(entry.severity for entry in hit.entries), advisory.severity]
    for word in words:
        if severity_from_word(word) is not Severity.UNKNOWN:
            return word, severity_from_word(word)
    return next((word for word in words if word), ""), Severity.UNKNOWN


def _scores(advisory: Advisory, hit: Hit) -> tuple[Score, ...]:
    scores = [*advisory.scores, *(score for entry in hit.entries for score in entry.scores)]
    return tuple(dict.fromkeys(scores))


def _fix(hit: Hit) -> Fix:
    if not hit.entitled:
        return hit.fix
    advice = T("Fixed for subscribers of Ubuntu Pro in {versions}.", versions=hit.entitled)
    # Not among the versions: who has no subscription cannot install them.
    state = FixState.NOT_FIXED if hit.fix.state is FixState.UNKNOWN else hit.fix.state
    return replace(hit.fix, state=state, advice=str(advice))


def _why_undecided(hit: Hit, type_: str) -> str:
    versions = [v for entry in hit.entries for v in refused(entry, type_)]
    return str(
        T(
            "{advisory} names {versions}, which cannot be compared with {version}.",
            advisory=hit.advisory, versions=tuple(dict.fromkeys(versions)), version=hit.version,
        )
    )  # fmt: skip
