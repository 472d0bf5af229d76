"""Nuclei results: JSON lines (-jsonl) and a JSON array (-json-export), version 2 and 3.

Requests, responses and extracted results are not kept: exposure templates extract tokens.

Source: `ResultEvent` in projectdiscovery/nuclei `pkg/output/output.go`. Version 2 spelt its
keys `templateID`, `matched`, `matcher_name`; version 3 spells them with dashes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vigie.model.identity import anchor
from vigie.model.observations import (
    Fix,
    Kind,
    Location,
    Observation,
    Rule,
    Score,
    Signals,
    Verdict,
)
from vigie.model.runs import Coverage
from vigie.model.severity import severity_from_word
from vigie.ports.reports import Report, Sketch
from vigie.sources.reports.cvss import cvss_score
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.places import cwe_ids
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.subjects import sole_asset
from vigie.sources.reports.tree import Node
from vigie.sources.reports.web import cves, endpoint, links

_TEMPLATE = ("template-id", "templateID", "template_id")
_CVE = re.compile(r"CVE-\d{4}-\d{4,}", re.IGNORECASE)

# Tags of the template collection that say the service is set up wrongly, not built wrongly.
_MISCONFIGURATION = frozenset(
    {"config", "default-login", "exposure", "misconfig", "misconfiguration", "takeover", "unauth"}
)


class NucleiParser:
    format = "nuclei"
    tool = "nuclei"
    label = "Nuclei"
    coverage = Coverage(frozenset({Kind.VULNERABILITY, Kind.WEAKNESS, Kind.MISCONFIGURATION}))

    def recognises(self, sketch: Sketch) -> bool:
        return "info" in sketch.keys and bool(sketch.keys.intersection(_TEMPLATE))

    def read(self, document: ReportDocument) -> Iterator[Report]:
        tally = Tally()
        ended = ""
        for node in document.lines():
            tally.read(node, _observe)
            ended = _timestamp(node) or ended
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
            ended=ended,
            asset=sole_asset(tally.observations),
        )


def _timestamp(node: Node) -> str:
    try:
        return node.text("timestamp")
    except RecordError:
        return ""


def _observe(node: Node) -> Observation:
    result = node.record()
    rule = _rule(result)
    tags = _list(result, "info", "tags")
    severity = result.text("info", "severity")
    matched = result.first("matched-at", "matched", "url", "host")
    return Observation(
        tool="nuclei",
        kind=_kind(rule, tags),
        rule=rule,
        record=result.pointer,
        verdict=_verdict(result),
        severity=severity_from_word(severity),
        severity_said=severity,
        scores=tuple(_scores(result)),
        message=_message(result),
        locations=(_location(result, matched),),
        fix=Fix(advice=result.text("info", "remediation")),
        signals=_signals(result, tags),
        asset=None
        if result.text("type") == "file"
        else endpoint(result.text("url"), result.text("host"), matched),
    )


def _rule(result: Record) -> Rule:
    identity = result.first(*_TEMPLATE)
    if not identity:
        raise RecordError("has no template-id")
    info = result.child("info")
    known = cves(*_list(info, "classification", "cve-id"))
    return Rule(
        id=identity,
        aliases=tuple(cve for cve in known if cve != identity.upper()),
        title=info.text("name"),
        description=info.text("description"),
        references=links(*info.texts("reference"), *info.texts("references")),
        weaknesses=cwe_ids(*_list(info, "classification", "cwe-id")),
    )


def _list(record: Record, *path: str) -> tuple[str, ...]:
    """A list of words, which version 2 wrote with commas in one string."""
    return tuple(
        word.strip().lower() for text in record.texts(*path) for word in text.split(",") if word
    )


def _kind(rule: Rule, tags: tuple[str, ...]) -> Kind:
    if rule.aliases or _CVE.fullmatch(rule.id):
        return Kind.VULNERABILITY
    return Kind.WEAKNESS if _MISCONFIGURATION.isdisjoint(tags) else Kind.MISCONFIGURATION


def _verdict(result: Record) -> Verdict:
    """With -matcher-status Nuclei also writes the templates that did not match or failed."""
    if result.flag("matcher-status") is False:
        return Verdict.UNKNOWN if result.text("error") else Verdict.PASS
    return Verdict.FAIL


def _matcher(result: Record) -> str:
    return result.first("matcher-name", "matcher_name", "extractor-name", "extractor_name")


def _message(result: Record) -> str:
    words = result.text("info", "description") or result.text("info", "name")
    return f"{words} [{_matcher(result)}]" if _matcher(result) else words


def _location(result: Record, matched: str) -> Location:
    # One template may match a URL in several ways, each a statement of its own.
    place = anchor(_matcher(result))
    if result.text("type") == "file":
        return Location(path=matched, anchor=place)
    return Location(url=matched, anchor=place)


def _scores(result: Record) -> Iterator[Score]:
    classification = result.child("info", "classification")
    vector, value = classification.text("cvss-metrics"), classification.number("cvss-score")
    score = cvss_score("nuclei", vector, value)
    if score is not None:
        yield score


def _signals(result: Record, tags: tuple[str, ...]) -> Signals:
    classification = result.child("info", "classification")
    return Signals(
        epss=classification.number("epss-score"),
        epss_percentile=classification.number("epss-percentile"),
        kev=True if "kev" in tags else None,
    )


PARSER = NucleiParser()
