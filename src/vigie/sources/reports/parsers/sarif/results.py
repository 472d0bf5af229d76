"""One result becomes one observation (section 3.27)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vigie.model.identity import anchor, secret_anchor
from vigie.model.observations import (
    Claim,
    Fix,
    Kind,
    Location,
    Observation,
    Rule,
    Score,
    Signals,
    Stance,
    Verdict,
)
from vigie.model.severity import Severity, severity_from_score
from vigie.sources.reports.parsers.sarif.artifacts import Artifacts
from vigie.sources.reports.parsers.sarif.fingerprints import fingerprint_of
from vigie.sources.reports.parsers.sarif.messages import message_of
from vigie.sources.reports.parsers.sarif.packages import ADVISORY, fix_of, package_of
from vigie.sources.reports.parsers.sarif.rules import (
    Known,
    Rules,
    confidence_said,
    security_severity,
    severity_said,
    tags_of,
    weaknesses_of,
)
from vigie.sources.reports.parsers.sarif.tools import tool_kind
from vigie.sources.reports.places import plain_message, quoted, shows_credential
from vigie.sources.reports.records import Record, RecordError
from vigie.sources.reports.tree import Node

_VERDICTS = {
    "fail": Verdict.FAIL,
    "pass": Verdict.PASS,
    "open": Verdict.UNKNOWN,
    "review": Verdict.UNKNOWN,
    "notapplicable": Verdict.NOT_APPLICABLE,
    "informational": Verdict.NOT_APPLICABLE,
}
_LEVELS = {
    "error": Severity.HIGH,
    "warning": Severity.MEDIUM,
    "note": Severity.LOW,
    "none": Severity.NONE,
}
_TAG_KINDS = {
    "secret": Kind.SECRET,
    "secrets": Kind.SECRET,
    "misconfiguration": Kind.MISCONFIGURATION,
    "license": Kind.LICENCE,
}
_SUPPRESSED = {"inSource": "suppressed in the source", "external": "suppressed outside the source"}
_UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True)
class ResultReader:
    """Makes an observation of one result, with the run's tool, rules and artifacts."""

    tool: str
    driver: Record
    rules: Rules
    artifacts: Artifacts

    def __call__(self, node: Node) -> Observation:
        result = node.record()
        known = self.rules.of(result)
        message = message_of(result, known)
        if not known.id and not message:
            raise RecordError("has neither a rule nor a message")
        advisory = ADVISORY.match(known.id)
        kind = self._kind(known, result, advisory is not None)
        level = self.rules.level(result, known.descriptor)
        score = security_severity(result) or known.descriptor.score
        rule = _rule(known, result, advisory[1] if advisory and kind is Kind.VULNERABILITY else "")
        secret = kind is Kind.SECRET or shows_credential(rule.weaknesses)
        locations = tuple(self._anchored(result, kind, message, known.id, secret))
        if secret:
            snippets = [place.snippet for place in self.artifacts.locations(result)]
            literals = quoted(message, *snippets) if kind is not Kind.SECRET else ()
            message = plain_message(message, *snippets, *literals)
        vulnerable = kind is Kind.VULNERABILITY
        return Observation(
            tool=self.tool,
            kind=kind,
            rule=rule,
            record=result.pointer,
            verdict=_VERDICTS.get(result.text("kind").lower() or "fail", Verdict.UNKNOWN),
            severity=_severity(level, score, known, result),
            severity_said=level,
            severities=(("security-severity", str(score)),) if score else (),
            scores=(Score(self.tool, value=score),) if score and vulnerable else (),
            message=message,
            component=package_of(known.descriptor.record, result, message) if vulnerable else None,
            locations=locations,
            fix=fix_of(result, message) if not secret else Fix(),
            signals=_signals(known, result),
            claim=_claim(result, self.tool),
        )

    def _kind(self, known: Known, result: Record, advisory: bool) -> Kind:
        tags = known.descriptor.tags | tags_of(result)
        tagged = next((_TAG_KINDS[tag] for tag in sorted(tags) if tag in _TAG_KINDS), None)
        if self.tool == "semgrep" and "secrets" in known.id.lower().split("."):
            return Kind.SECRET
        if advisory:
            return Kind.VULNERABILITY
        if known.id.startswith("snyk:lic:"):
            return Kind.LICENCE
        return tool_kind(self.tool) or tagged or Kind.WEAKNESS

    def _anchored(
        self, result: Record, kind: Kind, message: str, rule: str, secret: bool
    ) -> list[Location]:
        """The places with their identities: the code, the tool's fingerprint, or none.

        The fingerprint is the result's, so it marks its first place only. A result without a
        rule is told from others by its message.
        """
        whole_secret = self.tool == "gitleaks" and self._gitleaks_quotes_secrets()
        fingerprint = fingerprint_of(result) or (message if not rule else "")
        found: list[Location] = []
        commit = result.text("partialFingerprints", "commitSha") if kind is Kind.SECRET else ""
        for place in self.artifacts.locations(result):
            mark = anchor(place.snippet)
            if kind is Kind.SECRET:
                mark = secret_anchor(place.snippet.strip()) if whole_secret else mark
            if not mark and not found:
                mark = anchor(fingerprint)
            snippet = "" if secret else place.snippet
            found.append(replace(place, anchor=mark, commit=commit, snippet=snippet))
        return found

    def _gitleaks_quotes_secrets(self) -> bool:
        """From version 8 on its snippets are the secret alone; before, the whole line."""
        return not self.driver.first("semanticVersion", "version").lstrip("v").startswith("7")


def _rule(known: Known, result: Record, advisory: str) -> Rule:
    rule = known.descriptor
    own = weaknesses_of(result, list(result.children("taxa")))
    return Rule(
        id=advisory or known.id or _UNNAMED,
        title=rule.title,
        description=rule.description,
        references=rule.references,
        weaknesses=tuple(dict.fromkeys((*rule.weaknesses, *own))) if own else rule.weaknesses,
    )


def _severity(level: str, score: float | None, known: Known, result: Record) -> Severity:
    """The score where there is one, then a tool's own word, then the level."""
    if score is not None:
        return severity_from_score(score)
    for word in (severity_said(result), known.descriptor.severity):
        if word is not Severity.UNKNOWN:
            return word
    return _LEVELS.get(level.lower(), Severity.UNKNOWN)


def _signals(known: Known, result: Record) -> Signals:
    rank = result.number("rank")
    return Signals(
        tool_risk=rank if rank is not None and 0 <= rank <= 100 else None,
        confidence=confidence_said(result) or known.descriptor.confidence,
    )


def _claim(result: Record, tool: str) -> Claim | None:
    """Suppressed when it has suppressions and none was rejected or waits for review (3.27.23).

    A result that is absent since the baseline was reported (3.27.24) is one that was mended.
    """
    suppressions = list(result.children("suppressions"))
    states = {s.first("status", "state").lower() or "accepted" for s in suppressions}
    if states == {"accepted"}:
        words = [
            s.first("justification") or _SUPPRESSED.get(s.text("kind"), "") for s in suppressions
        ]
        return Claim(Stance.SUPPRESSED, statement="; ".join(filter(None, words)), author=tool)
    if result.text("baselineState") == "absent":
        return Claim(Stance.FIXED, statement="absent since the baseline", author=tool)
    return None
