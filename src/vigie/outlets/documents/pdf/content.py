"""What the PDF says, as plain values in the reader's language; `report.typ` only sets it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from vigie.model.findings import Decision, Finding
from vigie.model.results import Result, Step
from vigie.model.runs import Run
from vigie.model.severity import Severity
from vigie.model.text import T, Text, Words
from vigie.outlets.documents.pdf.evidence import evidence_of
from vigie.outlets.documents.pdf.strings import breakable, safe
from vigie.outlets.phrases import caveats, sentences
from vigie.outlets.phrases.figures import decimal, line, local, number, when
from vigie.outlets.phrases.labels import (
    COLOURS,
    DECISION,
    DECISION_MEANING,
    DECISIONS,
    OUTCOME,
    SEVERITY,
    SHAPES,
    STATUS,
    decision_of,
    decision_text,
)
from vigie.outlets.phrases.subjects import (
    agreement_of,
    asset_names,
    fix_of,
    named,
    ranked,
    reasons_of,
    short,
    title_of,
    where_of,
)
from vigie.outlets.phrases.upgrades import jump_of, new_of, old_of, outlook_line
from vigie.ports.outlets import View

MOST_FINDINGS = 2_000
_MOST_FIRST = 6
_MOST_EVIDENCE = 60
_LEAST_EVIDENCE = 10
_MOST_STEPS = 200
_MOST_ASIDE = 500
_LONGEST_NAME = 160

_LABELS: dict[str, Text] = {
    "report": T("Security report"),
    "first": T("What to do first"),
    "changed": T("What changed"),
    "unseen": T("What was not looked at"),
    "upgrades": T("Upgrades"),
    "findings": T("Findings"),
    "evidence": T("Evidence"),
    "runs": T("Runs"),
    "aside": T("Set aside"),
    "score": T("Score"),
    "severity": T("Severity"),
    "finding": T("Finding"),
    "found_by": T("Found by"),
    "component": T("Component"),
    "upgrade_to": T("Upgrade to"),
    "clears": T("Clears"),
    "release": T("Release"),
    "scanner": T("Scanner"),
    "outcome": T("Outcome"),
    "database": T("Database"),
    "records": T("Records"),
    "observations": T("Observations"),
    "status": T("Status"),
    "reason": T("Reason"),
    "expires": T("Expires"),
    "severities": T("Findings by severity and decision"),
    "page": T("page"),
}


def content(result: Result, view: View) -> dict[str, Any]:
    """Every string and number of the document."""
    words = view.words
    findings = ranked(result.findings)
    counting = [finding for finding in findings if finding.status.counts]
    settled = [finding for finding in findings if not finding.status.counts]
    return {
        "lang": words.lang,
        "labels": {key: words(text) for key, text in _LABELS.items()},
        "target": breakable(short(result.target), 40, longest=_LONGEST_NAME),
        "footer": line(short(result.target), 70),
        "when": local(result.created),
        "producer": f"Vigie {view.version}".strip(),
        "headline": sentences.headline(result, words),
        "tally": sentences.tally(result, words),
        "whole": sentences.is_whole(result),
        "second": " ".join(sentences.second(result, words)),
        "gate": _gate(result, words),
        "cards": _cards(counting, words),
        "matrix": _matrix(counting, words),
        "first": [_first(finding, words) for finding in _urgent(counting)],
        "changed": sentences.new_line(result, words)
        or words(T("There is no baseline to compare with.")),
        "unseen": _unseen(result, words),
        "all_seen": words(T("Everything that was asked for was looked at.")),
        "steps": [_step(step, words) for step in result.plan.steps[:_MOST_STEPS]],
        "more_steps": _more(len(result.plan.steps) - _MOST_STEPS, words),
        "outlook": outlook_line(result.plan, words),
        "groups": _groups(counting, words),
        "more_findings": _more(len(counting) - MOST_FINDINGS, words),
        "evidence": [evidence_of(f, words) for f in _proven(counting)],
        "more_evidence": _more(len(counting) - len(_proven(counting)), words),
        "runs": [_run(run, asset_names(result, words), words) for run in result.runs],
        "aside": [_aside(finding, words) for finding in settled[:_MOST_ASIDE]],
        "more_aside": _more(len(settled) - _MOST_ASIDE, words),
    }


def _more(left: int, words: Words) -> str:
    if left <= 0:
        return ""
    return words(T("… and {count} more; the other formats hold them all.", count=left))


def _gate(result: Result, words: Words) -> dict[str, Any] | None:
    if result.gate is None:
        return None
    blocking = sentences.rulings(result, blocks=True)
    said = [breakable(sentences.ruling_line(r, words), 60) for r in blocking[:_MOST_FIRST]]
    more = _more(len(blocking) - _MOST_FIRST, words)
    return {
        "outcome": result.gate.outcome.value,
        "verdict": safe(sentences.verdict(result, words)),
        "rulings": [*said, *([more] if more else [])],
    }


def _cards(findings: Sequence[Finding], words: Words) -> list[dict[str, Any]]:
    counts = sentences.counted(findings)
    return [
        {
            "word": words(DECISION[decision]),
            "count": number(counts.get(decision, 0), words.lang),
            "meaning": words(DECISION_MEANING[decision]),
            "strong": decision is Decision.ACT and counts.get(decision, 0) > 0,
        }
        for decision in Decision
    ]


def _matrix(findings: Sequence[Finding], words: Words) -> dict[str, Any]:
    """Bars: one for each decision, made of severities."""
    counts = Counter((decision_of(finding), finding.severity) for finding in findings)
    decisions = [d for d in DECISIONS if d is not None or any(k[0] is None for k in counts)]
    return {
        "most": max((sum(counts[d, s] for s in Severity) for d in decisions), default=0),
        "legend": [_severity(severity, words) for severity in Severity],
        "bars": [
            {
                "word": words(decision_text(decision)),
                "parts": [
                    {"count": counts[decision, severity], "colour": COLOURS[severity],
                     "unknown": severity is Severity.UNKNOWN}
                    for severity in Severity
                ],
                "total": number(sum(counts[decision, s] for s in Severity), words.lang),
            }
            for decision in decisions
        ],
    }  # fmt: skip


def _severity(severity: Severity, words: Words) -> dict[str, str]:
    return {
        "word": words(SEVERITY[severity]),
        "shape": SHAPES[severity],
        "colour": COLOURS[severity],
    }


def _urgent(findings: Sequence[Finding]) -> list[Finding]:
    """What to do first: what to act on, else what to plan."""
    for decision in (Decision.ACT, Decision.PLAN):
        found = [finding for finding in findings if decision_of(finding) is decision]
        if found:
            return found[:_MOST_FIRST]
    return []


def _proven(findings: Sequence[Finding]) -> list[Finding]:
    """Those whose evidence is shown: what to act on or plan, and at least the first few."""
    due = sum(decision_of(f) in (Decision.ACT, Decision.PLAN) for f in findings)
    return list(findings[: min(_MOST_EVIDENCE, max(due, _LEAST_EVIDENCE))])


def _about(finding: Finding, words: Words) -> dict[str, Any]:
    component, fix = named(finding.component), fix_of(finding, words)
    if component and finding.fix.versions:
        component, fix = f"{component} {fix}", ""
    return {
        "id": breakable(finding.rule.id, 24, longest=_LONGEST_NAME),
        "title": breakable(title_of(finding), 40, longest=160),
        "severity": _severity(finding.severity, words),
        "component": breakable(component, 30, longest=_LONGEST_NAME),
        "fix": safe(fix),
        "where": breakable(where_of(finding, words), 30, longest=200),
        "new": words(T("new")) if finding.new else "",
    }


def _first(finding: Finding, words: Words) -> dict[str, Any]:
    return {**_about(finding, words), "why": breakable(reasons_of(finding, words, 3), 40)}


def _groups(findings: Sequence[Finding], words: Words) -> list[dict[str, Any]]:
    counts = sentences.counted(findings)
    shown = findings[:MOST_FINDINGS]
    groups = []
    for decision in DECISIONS:
        rows = [_row(f, words) for f in shown if decision_of(f) is decision]
        if rows:
            count = number(counts[decision], words.lang)
            groups.append({"word": words(decision_text(decision)), "count": count, "rows": rows})
    return groups


def _row(finding: Finding, words: Words) -> dict[str, Any]:
    score = decimal(finding.priority.score, words.lang) if finding.priority else "?"
    return {**_about(finding, words), "score": score, "agreement": agreement_of(finding, words)}


def _step(step: Step, words: Words) -> list[str]:
    return [
        breakable(line(f"{step.component.name} {old_of(step)}"), 30),
        breakable(line(new_of(step)), 20),
        number(len(step.clears), words.lang),
        jump_of(step, words),
    ]


def _unseen(result: Result, words: Words) -> list[dict[str, Any]]:
    said = [
        {
            "subject": safe(" · ".join(filter(None, (caveat.subject, caveat.place)))),
            "outcome": words(OUTCOME[caveat.outcome]) if caveat.outcome else "",
            "reasons": [breakable(reason, 50) for reason in caveat.reasons],
        }
        for caveat in caveats.caveats_of(result, words)
    ]
    unassessed = sentences.unassessed_line(result, words)
    if unassessed:
        said.append({"subject": unassessed, "outcome": "", "reasons": []})
    if not result.runs:
        said.append({"subject": words(T("Nothing was looked at.")), "outcome": "", "reasons": []})
    return said


def _run(run: Run, names: Mapping[str, str], words: Words) -> dict[str, Any]:
    return {
        "name": safe(caveats.run_name(run)),
        "outcome": words(OUTCOME[run.outcome]),
        "whole": run.outcome.value == "complete",
        "database": safe(when(run.database_date)),
        "records": number(run.records, words.lang),
        "observations": number(run.observations, words.lang),
        "file": breakable(caveats.run_place(run, names), 40),
        "problems": [
            breakable(said, 50) for said in caveats.reasons(run.problems, words, 8, run.tool)
        ],
    }


def _aside(finding: Finding, words: Words) -> list[str]:
    why = finding.suppression
    reason = " — ".join(filter(None, (why.reason, why.statement, why.owner))) if why else ""
    return [
        breakable(finding.rule.id, 24),
        breakable(named(finding.component), 24),
        words(STATUS[finding.status]),
        breakable(reason, 40, longest=300),
        safe(why.expires) if why else "",
    ]
