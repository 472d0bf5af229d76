"""The top of the Markdown report, and the sections that fold away below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from itertools import accumulate

from vigie.model.findings import Decision, Finding
from vigie.model.results import GateOutcome, Result
from vigie.model.severity import Severity
from vigie.model.text import T, Text, Words
from vigie.outlets.documents.markdown import rows
from vigie.outlets.documents.markdown.escape import code, text
from vigie.outlets.phrases import caveats, sentences, upgrades
from vigie.outlets.phrases.figures import local, number
from vigie.outlets.phrases.labels import (
    DECISIONS,
    OUTCOME,
    SEVERITY,
    SHAPES,
    decision_of,
    decision_text,
)
from vigie.outlets.phrases.subjects import asset_names, ranked, reasons_of, short

_TOP = 10
_MOST_LINES = 8
_MOST_ROWS = 50  # of a section that is not the list of findings
_LONGEST_LINE = 300
_ELSEWHERE = 150  # bytes for the line that says what was left out
_GATE_MARK = {GateOutcome.PASS: "✅", GateOutcome.FAIL: "❌", GateOutcome.INCOMPLETE: "⚠️"}


def top(result: Result, words: Words) -> str:
    """What everybody reads: the sentence, what was not looked at, the gate, the first findings."""
    findings = [finding for finding in ranked(result.findings) if finding.status.counts]
    blocks = [
        f"## Vigie – {text(sentences.headline(result, words))}",
        text(" ".join(sentences.second(result, words))),
        " · ".join(
            filter(None, (code(short(result.target), 200, in_table=False), local(result.created)))
        ),
        _caveats(result, words),
        _gate(result, words),
        text(sentences.tally(result, words)),
    ]
    if findings:
        blocks += [
            _counts(findings, words),
            rows.table(rows.finding_head(words), [rows.finding(f, words) for f in findings[:_TOP]]),
            _why(findings[:_TOP], words),
        ]
    blocks += [text(upgrades.outlook_line(result.plan, words))]
    blocks += [text(sentences.new_line(result, words))]
    return "\n\n".join(filter(None, blocks)) + "\n"


def details(result: Result, words: Words, room: int) -> str:
    """The folded sections, as much of the findings as fits into `room` bytes."""
    findings = ranked(result.findings)
    settled = [finding for finding in findings if not finding.status.counts]
    rest = [finding for finding in findings if finding.status.counts][_TOP:]
    names = asset_names(result, words)
    steps = [rows.step(step, names, words) for step in result.plan.steps[:_MOST_ROWS]]
    runs = [rows.run(run, words) for run in result.runs[:_MOST_ROWS]]
    aside = [rows.settled(finding, words) for finding in settled[:_MOST_ROWS]]
    after = [
        _fold(T("Upgrades"), rows.step_head(words), steps, len(result.plan.steps), words),
        _fold(T("Set aside"), rows.settled_head(words), aside, len(settled), words),
        _fold(T("Runs"), rows.run_head(words), runs, len(result.runs), words),
    ]
    folds = "".join(after)
    if size(folds) > room:
        # Only reports with absurdly long names come here: a whole section is left out.
        folds = "".join(
            fold for fold, end in zip(after, accumulate(map(size, after)), strict=True)
            if end <= room
        )  # fmt: skip
    head = rows.finding_head(words)
    frame = size(_fold(T("More findings"), head, ["x"], len(rest), words)) + _ELSEWHERE
    fitting = _fitting(rest, room - size(folds) - frame, words)
    return _fold(T("More findings"), head, fitting, len(rest), words) + folds


def _fitting(findings: Sequence[Finding], room: int, words: Words) -> list[str]:
    fitting: list[str] = []
    for finding in findings:
        row = rows.finding(finding, words)
        room -= size(row) + 1
        if room < 0:
            break
        fitting.append(row)
    return fitting


def size(page: str) -> int:
    """Bytes in UTF-8: never fewer than characters, however a forge counts them."""
    return len(page.encode("utf-8", "replace"))


def _fold(title: Text, head: str, body: Sequence[str], total: int, words: Words) -> str:
    if not body:
        return ""
    left = total - len(body)
    more = text(words(T("… and {count} more; the other formats hold them all.", count=left)))
    counted = f"{words(title)} ({number(total, words.lang)})"
    return (
        f"\n<details><summary>{escape(counted)}</summary>\n\n{rows.table(head, body)}\n"
        + (f"\n{more}\n" if left else "")
        + "\n</details>\n"
    )


def _caveats(result: Result, words: Words) -> str:
    found = caveats.caveats_of(result, words)
    if not found:
        return ""
    lines = ["> [!WARNING]"]
    for caveat in found[:_MOST_LINES]:
        outcome = words(OUTCOME[caveat.outcome]) if caveat.outcome else ""
        place = code(caveat.place, 80, in_table=False)
        said = text(" · ".join(caveat.reasons), _LONGEST_LINE)
        about = " ".join(filter(None, (f"**{text(caveat.subject, 80)}**", place, outcome)))
        lines.append(f"> - {about}" + (f" — {said}" if said else ""))
    if len(found) > _MOST_LINES:
        more = T("and {count} more", count=len(found) - _MOST_LINES)
        lines.append(f"> - {text(words(more))}")
    return "\n".join(lines)


def _gate(result: Result, words: Words) -> str:
    if result.gate is None:
        return ""
    lines = [f"{_GATE_MARK[result.gate.outcome]} **{text(sentences.verdict(result, words), 200)}**"]
    blocking = sentences.rulings(result, blocks=True)
    said = [text(sentences.ruling_line(r, words), _LONGEST_LINE) for r in blocking[:_MOST_LINES]]
    if len(blocking) > _MOST_LINES:
        said.append(text(words(T("and {count} more", count=len(blocking) - _MOST_LINES))))
    if said:
        lines += ["", *(f"- {line}" for line in said)]
    return "\n".join(lines)


def _counts(findings: Sequence[Finding], words: Words) -> str:
    """Decisions down, severities across; what has none is left out."""
    matrix = Counter((decision_of(f), f.severity) for f in findings)
    severities = [s for s in Severity if any(severity is s for _, severity in matrix)]
    head = [""] + [f"{SHAPES[s]} {text(words(SEVERITY[s]))}" for s in severities]
    body = []
    for decision in DECISIONS:
        counts = [matrix[decision, severity] for severity in severities]
        if not any(counts) and decision is None:
            continue
        name = text(words(decision_text(decision)))
        marked = f"**{name}**" if decision is Decision.ACT else name
        body.append(rows.row([marked, *(number(c, words.lang) if c else "·" for c in counts)]))
    rule = "|---|" + "--:|" * len(severities)
    return "\n".join([rows.row(head), rule, *body])


def _why(findings: Sequence[Finding], words: Words) -> str:
    """The reasons for what needs somebody today."""
    said = ((finding, reasons_of(finding, words)) for finding in findings)
    lines = [
        f"- {code(finding.rule.id, 60, in_table=False)} — {text(why, _LONGEST_LINE)}"
        for finding, why in said
        if why and decision_of(finding) is Decision.ACT
    ]
    if not lines:
        return ""
    return f"**{text(words(T('Why act now')))}**\n\n" + "\n".join(lines)
