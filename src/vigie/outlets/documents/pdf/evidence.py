"""What stands behind one finding, for the engineer: who said what, and why it is here."""

from __future__ import annotations

from typing import Any

from vigie.model.findings import Finding
from vigie.model.text import T, Words
from vigie.outlets.documents.pdf.strings import breakable, safe
from vigie.outlets.phrases.figures import decimal, line
from vigie.outlets.phrases.labels import COLOURS, FIX, SEVERITY, SHAPES, decision_of, decision_text
from vigie.outlets.phrases.subjects import named, place, reasons_of, title_of

_MOST_PLACES = 8
_MOST_REFERENCES = 4


def evidence_of(finding: Finding, words: Words) -> dict[str, Any]:
    """A heading, and pairs of a label and its lines; labels with nothing to say are left out."""
    pairs = [
        (T("Why"), [reasons_of(finding, words)]),
        (T("Component"), [named(finding.component)]),
        (T("Where"), _places(finding, words)),
        (T("Severity"), _severities(finding)),
        (T("CVSS"), _scores(finding, words)),
        (T("Fix"), _fixes(finding, words)),
        (T("Found by"), _agreement(finding, words)),
        (T("Also known as"), [", ".join(finding.rule.aliases)]),
        (T("References"), list(finding.rule.references[:_MOST_REFERENCES])),
    ]
    score = decimal(finding.priority.score, words.lang) if finding.priority else "?"
    return {
        "id": breakable(finding.rule.id, 40),
        "title": breakable(title_of(finding), 50, longest=200),
        "severity": {
            "word": words(SEVERITY[finding.severity]),
            "shape": SHAPES[finding.severity],
            "colour": COLOURS[finding.severity],
        },
        "decision": words(decision_text(decision_of(finding))),
        "score": score,
        "fingerprint": safe(finding.fingerprint),
        "pairs": [
            [words(label), [breakable(said, 60, longest=400) for said in lines if said]]
            for label, lines in pairs
            if any(lines)
        ],
    }


def _places(finding: Finding, words: Words) -> list[str]:
    said = []
    for instance in finding.instances:
        name = line(f"{instance.name} {instance.version}")
        if name == named(finding.component):
            name = ""
        said.append(" · ".join(filter(None, (name, place(instance.location)))))
    said = list(dict.fromkeys(filter(None, said)))
    left = len(said) - _MOST_PLACES
    if left > 0:
        said = [*said[:_MOST_PLACES], words(T("and {count} more", count=left))]
    return said


def _severities(finding: Finding) -> list[str]:
    return [" · ".join(f"{source}: {word}" for source, word in finding.severities)]


def _scores(finding: Finding, words: Words) -> list[str]:
    return [
        " ".join(
            filter(
                None,
                (
                    f"{score.source}:",
                    decimal(score.value, words.lang) if score.value is not None else "",
                    score.vector,
                ),
            )
        )
        for score in finding.scores[:4]
        if score.vector or score.value is not None
    ]


def _fixes(finding: Finding, words: Words) -> list[str]:
    said = list(
        dict.fromkeys(
            f"{source}: {', '.join(fix.versions) or fix.advice or words(FIX[fix.state])}"
            for source, fix in finding.fix.by_source
        )
    )
    if not said and finding.fix.versions:
        said = [", ".join(finding.fix.versions)]
    return [*said[:4], finding.fix.advice] if finding.fix.advice else said[:4]


def _agreement(finding: Finding, words: Words) -> list[str]:
    said = [", ".join(finding.sources)]
    for absence in finding.agreement.absences:
        knew = T("{tool} did not say it: {reason}", tool=absence.tool, reason=absence.reason)
        blind = T("{tool} could not know: {reason}", tool=absence.tool, reason=absence.reason)
        said.append(words(knew if absence.could_know else blind))
    return said
