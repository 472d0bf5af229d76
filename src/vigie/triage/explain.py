"""Explains a finding: every observation behind it, why they were joined, and whose word won."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vigie.model.errors import UserError
from vigie.model.findings import Finding
from vigie.model.observations import FixState, Observation
from vigie.model.results import Result
from vigie.model.runs import Run
from vigie.model.severity import Severity
from vigie.model.text import T, Text
from vigie.triage.identifiers import spell


@dataclass(frozen=True, slots=True)
class Evidence:
    """One observation, the run it came from, and why it belongs to the finding."""

    run: Run | None
    record: str
    observation: Observation
    reason: Text


@dataclass(frozen=True, slots=True)
class Explanation:
    finding: Finding
    evidence: tuple[Evidence, ...]
    severity: Text
    fix: Text
    identity: Text


def find(result: Result, needle: str) -> Finding:
    """The finding meant by a fingerprint (or its start), an identifier, or "identifier@package".

    Raises UserError when none or several are meant, naming them.
    """
    matches = _matching(result.findings, needle.strip())
    if len(matches) == 1:
        return matches[0]
    if not matches:
        raise UserError(
            T("no finding is called {name}", name=needle),
            T("Give a fingerprint or the start of one, a CVE, or CVE@package, from the result."),
        )
    shown = [f"{f.fingerprint[:12]} {f.rule.id} {_what(f)}".strip() for f in matches[:8]]
    raise UserError(
        T("{count} findings are called {name}", count=len(matches), name=needle),
        T("Choose one by its fingerprint: {names}", names=tuple(shown)),
    )


def explain(result: Result, finding: Finding) -> Explanation:
    """Everything that is known about how this finding came to be."""
    evidence = []
    for join, observation in zip(finding.joins, finding.evidence, strict=False):
        number, _, record = join.record.partition(":")
        run = result.runs[int(number)] if number.isdigit() and int(number) < len(
            result.runs
        ) else None  # fmt: skip
        evidence.append(Evidence(run, record, observation, join.reason))
    return Explanation(
        finding, tuple(evidence), _severity(finding), _fix(finding), _identity(finding)
    )


def _matching(findings: Sequence[Finding], needle: str) -> list[Finding]:
    exact = [f for f in findings if needle in f.fingerprints or needle == f.fingerprint]
    if exact:
        return exact
    name, _, package = needle.partition("@")
    wanted = spell(name)
    named = [
        f
        for f in findings
        if wanted in _names(f)
        and (not package or package in {_what(f), *(i.name for i in f.instances)})
    ]
    if named or len(needle) < 6:
        return named
    return [f for f in findings if f.fingerprint.startswith(needle.lower())]


def _names(finding: Finding) -> set[str]:
    """Its identifiers, and those of its evidence: a correction joins flaws of unlike names."""
    rules = (finding.rule, *(observation.rule for observation in finding.evidence))
    return {spell(name) for rule in rules for name in (rule.id, *rule.aliases)}


def _what(finding: Finding) -> str:
    if finding.component is not None:
        return finding.component.name
    place = next((i.location for i in finding.instances if i.location is not None), None)
    return (place.path or place.resource or place.url) if place is not None else ""


def _severity(finding: Finding) -> Text:
    if finding.severity is Severity.UNKNOWN:
        return T("no source gives a severity: it is unknown, not low")
    if finding.severity_source.startswith("cvss:"):
        return T(
            "no tool gives its own severity; the highest CVSS score says {severity} ({source})",
            severity=T(finding.severity.value),
            source=finding.severity_source.removeprefix("cvss:"),
        )
    return T(
        "{severity}, the highest that a tool gives: {source}",
        severity=T(finding.severity.value),
        source=finding.severity_source,
    )


def _fix(finding: Finding) -> Text:
    fix = finding.fix
    if fix.state is FixState.FIXED and fix.versions:
        return T(
            "{version}: the lowest version above the installed one that every source accepts; "
            "first named by {source}",
            version=fix.versions[0],
            source=fix.source,
        )
    words = {
        FixState.FIXED: T("fixed, but no source names the version"),
        FixState.NOT_FIXED: T("no fix yet, says {source}", source=fix.source),
        FixState.WILL_NOT_FIX: T("the vendor will not fix it, says {source}", source=fix.source),
        FixState.DEFERRED: T("the vendor has deferred the fix, says {source}", source=fix.source),
        FixState.END_OF_LIFE: T(
            "the product is past its end of life, says {source}", source=fix.source
        ),
        FixState.UNKNOWN: T("no source says whether there is a fix"),
    }
    return words[fix.state]


def _identity(finding: Finding) -> Text:
    """What makes statements of different tools one finding."""
    rule, what, asset = finding.rule.id, _what(finding), finding.asset
    if what and asset:
        return T(
            "every tool that names {rule} in {what} ({asset}) means this one finding",
            rule=rule, what=what, asset=asset,
        )  # fmt: skip
    if what or asset:
        return T(
            "every tool that names {rule} in {what} means this one finding",
            rule=rule, what=what or asset,
        )  # fmt: skip
    return T("every tool that names {rule} means this one finding", rule=rule)
