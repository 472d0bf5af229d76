"""Everything that is known about one finding, spelled for the drawer."""

from __future__ import annotations

from typing import Any

from vigie.model.components import Component
from vigie.model.findings import Agreement, Finding, Instance, Priority, Suppression
from vigie.model.observations import (
    Claim,
    Fix,
    FixState,
    Kind,
    Location,
    Observation,
    Rule,
    Score,
    Signals,
)
from vigie.model.severity import Severity
from vigie.model.text import Text, Words
from vigie.outlets.documents.html.figures import requirement
from vigie.outlets.documents.html.values import NOTHING, Values
from vigie.outlets.phrases.subjects import news_in

# The order of a finding's details; evidence and the rest are refs into the table of values.
DETAIL = (
    "rule", "message", "component", "instances", "severitySource", "severities", "scores",
    "fix", "signals", "priority", "suppression", "agreement", "evidence", "firstSeen", "lastSeen",
)  # fmt: skip

_FIXES = {state: index for index, state in enumerate(FixState)}
_SEVERITIES = {severity: index for index, severity in enumerate(Severity)}


class Details:
    """Spells findings out. What repeats (rules, components, scores, words) is told once."""

    def __init__(self, values: Values, words: Words) -> None:
        self._values = values
        self._words = words
        self._spoken: dict[tuple[object, ...], int] = {}

    def detail(self, finding: Finding) -> list[Any]:
        """One finding in the order of `DETAIL`."""
        text, array = self._values.text, self._values.array
        return [
            self._rule(finding.rule),
            self._values.prose(news_in(finding.message, finding.rule)),
            self._component(finding.component),
            [self._instance(instance) for instance in finding.instances],
            text(finding.severity_source),
            array(finding.severities),
            self._scores(finding.scores),
            self._merged_fix(finding),
            self._signals(finding.signals),
            self._priority(finding.priority),
            self._suppression(finding.suppression),
            self._agreement(finding.agreement),
            self._evidence(finding),
            text(finding.first_seen),
            text(finding.last_seen),
        ]

    def _rule(self, rule: Rule) -> int:
        kept = self._values.kept(rule)
        if kept is not None:
            return kept
        number = self._values.array(
            [
                rule.id,
                rule.title,
                self._values.prose(rule.description),
                rule.aliases,
                rule.references,
                rule.weaknesses,
                rule.related,
                rule.published,
            ]
        )
        return self._values.keep(rule, number)

    def _component(self, component: Component | None) -> int:
        if component is None:
            return NOTHING
        kept = self._values.kept(component)
        if kept is not None:
            return kept
        source = " ".join(
            part for part in (component.source_name, component.source_version) if part
        )
        text = self._values.text
        number = self._values.array(
            [
                text(component.name),
                text(component.version),
                text(component.type),
                text(component.purl),
                text(source),
                text(component.distro),
                self._values.array(component.licences),
                component.direct,
            ]
        )
        return self._values.keep(component, number)

    def _instance(self, instance: Instance) -> list[Any]:
        place = self._location(instance.location) if instance.location else NOTHING
        text = self._values.text
        sources = self._values.array(instance.sources)
        return [text(instance.name), text(instance.version), text(instance.purl), place, sources]

    def _location(self, location: Location) -> int:
        return self._values.array(
            [
                location.path,
                location.start_line,
                location.end_line,
                location.url,
                location.resource,
                location.layer,
                location.commit,
            ]
        )

    def _scores(self, scores: tuple[Score, ...]) -> int:
        if not scores:
            return NOTHING
        kept = self._values.kept(scores)
        if kept is not None:
            return kept
        spelled = [[score.source, score.version, score.vector, score.value] for score in scores]
        return self._values.keep(scores, self._values.array(spelled))

    def _merged_fix(self, finding: Finding) -> list[Any]:
        fix, component = finding.fix, finding.component
        paste = requirement(component, fix.versions[0]) if component and fix.versions else ""
        return [
            _FIXES[fix.state],
            self._values.array(fix.versions),
            self._values.text(fix.source),
            self._values.prose(fix.advice),
            self._values.text(paste),
        ]

    def _fix(self, fix: Fix) -> int:
        if fix.state is FixState.UNKNOWN and not fix.versions and not fix.advice:
            return NOTHING
        return self._values.array([_FIXES[fix.state], fix.versions, self._values.prose(fix.advice)])

    def _signals(self, signals: Signals) -> int:
        kept = self._values.kept(signals)
        if kept is not None:
            return kept
        number = self._values.array(
            [
                signals.epss,
                signals.epss_percentile,
                signals.kev,
                signals.ransomware,
                signals.exploit,
                signals.reachable,
                signals.tool_risk,
                signals.confidence,
            ]
        )
        return self._values.keep(signals, number)

    def _priority(self, priority: Priority | None) -> list[Any] | None:
        if priority is None:
            return None
        reasons = [self._said(reason.text) for reason in priority.reasons]
        return [round(priority.low, 1), round(priority.high, 1), reasons]

    def _said(self, text: Text) -> int:
        values = tuple(text.params.values())
        # 1 and 1.0 are equal and read differently, so the types belong to the key.
        key = (text.template, values, *map(type, values))
        try:
            number = self._spoken.get(key)
        except TypeError:  # a text or a list inside the text
            return self._values.text(self._words(text))
        if number is None:
            number = self._spoken[key] = self._values.text(self._words(text))
        return number

    def _suppression(self, said: Suppression | None) -> int:
        if said is None:
            return NOTHING
        return self._values.array(
            [said.reason, said.source, said.owner, said.expires, said.statement]
        )

    def _agreement(self, agreement: Agreement) -> int:
        absences = [
            [absence.tool, absence.could_know, self._said(absence.reason)]
            for absence in agreement.absences
        ]
        return self._values.array([agreement.said, agreement.silent, absences])

    def _evidence(self, finding: Finding) -> list[list[Any]]:
        # Joins stand in the order of the evidence; were one missing, none is guessed.
        paired = len(finding.joins) == len(finding.evidence)
        return [
            self._observation(
                observation, self._said(finding.joins[index].reason) if paired else NOTHING
            )
            for index, observation in enumerate(finding.evidence)
        ]

    def _observation(self, said: Observation, join: int) -> list[Any]:
        text = self._values.text
        # A secret's surroundings may hold the secret, and this file is handed on.
        shows = said.kind is not Kind.SECRET
        snippets = [place.snippet for place in said.locations if place.snippet] if shows else []
        return [
            text(said.tool),
            text(said.record),
            self._rule(said.rule),
            _SEVERITIES[said.severity],
            text(said.severity_said),
            self._values.array(said.severities),
            self._scores(said.scores),
            self._values.prose(news_in(said.message, said.rule)),
            self._component(said.component),
            [self._location(place) for place in said.locations],
            self._fix(said.fix),
            self._signals(said.signals),
            self._claim(said.claim),
            [self._values.prose(snippet) for snippet in snippets],
            join,
        ]

    def _claim(self, claim: Claim | None) -> int:
        if claim is None:
            return NOTHING
        return self._values.array(
            [claim.stance.value, claim.justification, claim.statement, claim.author]
        )
