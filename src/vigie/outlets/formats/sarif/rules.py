"""The rules of a SARIF run: one for each id, with its severity and help."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from vigie.model.findings import Finding
from vigie.model.severity import Severity, severity_from_score
from vigie.model.text import T, Words
from vigie.outlets.formats._wire.sentences import remedy, title
from vigie.outlets.stream import filled

_LONGEST = 1024  # GitHub's limit for descriptions
_HELP = 20_000
_TAGS = 10  # 20 are accepted, of which 10 are shown
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.UNKNOWN: "warning",
    Severity.LOW: "note",
    Severity.NONE: "note",
}
# GitHub shows above 9.0 as critical, 7.0 high, 4.0 medium: the middle where no score fits.
_TYPICAL = {
    Severity.CRITICAL: 9.5,
    Severity.HIGH: 8.0,
    Severity.MEDIUM: 5.5,
    Severity.LOW: 2.0,
}


def level_of(severity: Severity) -> str:
    """SARIF's level. Unknown is a warning: it may be anything."""
    return _LEVELS[severity]


class Rules:
    """The rules of a run, each with the worst of its findings, in the order of their ids."""

    def __init__(self, findings: Iterable[Finding], words: Words) -> None:
        self._words = words
        worst: dict[str, Finding] = {}
        for finding in findings:
            known = worst.get(finding.rule.id)
            if known is None or finding.severity.rank > known.severity.rank:
                worst[finding.rule.id] = finding
        self._worst = dict(sorted(worst.items()))
        self._index = {identity: number for number, identity in enumerate(self._worst)}

    def index(self, finding: Finding) -> int:
        """Where the finding's rule stands in the list."""
        return self._index[finding.rule.id]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (_descriptor(finding, self._words) for finding in self._worst.values())


def _descriptor(finding: Finding, words: Words) -> dict[str, Any]:
    rule = finding.rule
    short = title(finding)[:_LONGEST]
    full = (rule.description or finding.message or short)[:_LONGEST]
    link = next((url for url in rule.references if url.startswith(("https://", "http://"))), "")
    return filled({
        "id": rule.id,
        "name": rule.id,
        "shortDescription": {"text": short},
        "fullDescription": {"text": full},
        "help": {"text": _plain_help(finding, words), "markdown": _help(finding, words)},
        "helpUri": link if " " not in link else "",
        "defaultConfiguration": {"level": level_of(finding.severity)},
        "properties": filled({
            "tags": _tags(finding),
            "security-severity": security_severity(finding),
        }),
    })  # fmt: skip


def security_severity(finding: Finding) -> str:
    """The number that GitHub shows a severity by; "" where it is unknown or none.

    A CVSS score that says the same as the merged severity, else the middle of its range: a
    score that contradicts it would undo the merge.
    """
    values = (
        score.value
        for score in finding.scores
        if score.value is not None
        and score.version[:1] in ("3", "4")
        and severity_from_score(score.value) is finding.severity
    )
    value = max(values, default=_TYPICAL.get(finding.severity))
    return f"{value:.1f}" if value is not None else ""


def _tags(finding: Finding) -> list[str]:
    weaknesses = [f"external/cwe/{name.lower()}" for name in finding.rule.weaknesses]
    return list(dict.fromkeys(["security", finding.kind.value, *weaknesses]))[:_TAGS]


def _plain_help(finding: Finding, words: Words) -> str:
    said = [finding.rule.description or title(finding), remedy(finding, words)]
    said += finding.rule.references
    return "\n\n".join(filter(None, said))[:_HELP]


def _help(finding: Finding, words: Words) -> str:
    rule = finding.rule
    # Descriptions are other people's text: HTML in them is shown, never obeyed.
    lines = [
        f"## {_inert(title(finding))}",
        _inert(rule.description),
        _inert(remedy(finding, words)),
    ]
    if rule.aliases:
        names = ", ".join(rule.aliases)
        lines.append(_inert(words(T("Also known as {names}.", names=names))))
    if rule.weaknesses:
        lines.append(_inert(", ".join(rule.weaknesses)))
    lines.append("\n".join(f"- <{url}>" for url in rule.references if _is_link(url)))
    return "\n\n".join(filter(None, lines))[:_HELP]


def _is_link(url: str) -> bool:
    return url.startswith(("https://", "http://")) and not set(url) & set(" <>\n")


def _inert(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
