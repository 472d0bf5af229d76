"""Burp Suite issues as XML ("Report issues", XML), which carries its DTD inside.

Requests and responses are not kept: they hold cookies and data of the scanned application.
`serialNumber` is drawn anew in each scan, so it is no identity; `type` is Burp's issue type.

Source: the DTD inside the report; Burp documentation "Reporting scan results".
"""

from __future__ import annotations

from collections.abc import Iterator

from vigie.model.identity import anchor
from vigie.model.observations import (
    Claim,
    Fix,
    Kind,
    Location,
    Observation,
    Rule,
    Signals,
    Stance,
)
from vigie.model.runs import Coverage
from vigie.model.severity import severity_from_word
from vigie.ports.reports import Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.markup import Element
from vigie.sources.reports.places import cwe_ids
from vigie.sources.reports.records import RecordError, Tally
from vigie.sources.reports.subjects import sole_asset
from vigie.sources.reports.web import cves, endpoint, links, moment, plain_text

_CONFIDENCES = {"certain": "high", "firm": "medium", "tentative": "low"}


class BurpParser:
    format = "burp"
    tool = "burp"
    label = "Burp Suite"
    coverage = Coverage(frozenset({Kind.WEAKNESS}))

    def recognises(self, sketch: Sketch) -> bool:
        return sketch.root == "issues" and "burpVersion" in (sketch.attributes or {})

    def read(self, document: ReportDocument) -> Iterator[Report]:
        if document.sketch.root != "issues":
            raise RecordError("has no issues")
        tally = Tally()
        tally.read_all(document.elements("issue"), _observe)
        attributes = document.sketch.attributes or {}
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
            version=attributes.get("burpVersion", ""),
            ended=moment(attributes.get("exportTime", "")),
            asset=sole_asset(tally.observations),
        )


def _observe(issue: Element) -> Observation:
    severity = issue.text("severity")
    false_positive = severity.lower() == "false positive"
    background = plain_text(issue.text("issueBackground"))
    host = issue.text("host")
    advice = (issue.text("remediationDetail"), issue.text("remediationBackground"))
    return Observation(
        tool="burp",
        kind=Kind.WEAKNESS,
        rule=_rule(issue, background),
        record=issue.pointer,
        severity=severity_from_word(severity),
        severity_said=severity,
        message=_detail(issue) or background,
        locations=(_location(issue, host),),
        fix=Fix(advice="\n".join(filter(None, map(plain_text, advice)))),
        signals=Signals(confidence=_CONFIDENCES.get(issue.text("confidence").lower(), "")),
        claim=Claim(Stance.SUPPRESSED, statement="false positive", author="burp")
        if false_positive
        else None,
        asset=endpoint(host),
    )


def _rule(issue: Element, background: str) -> Rule:
    classifications = issue.text("vulnerabilityClassifications")
    return Rule(
        id=issue.text("type") or issue.need("name"),
        title=issue.text("name"),
        description=background,
        references=links(issue.text("references"), classifications),
        weaknesses=cwe_ids(plain_text(classifications)),
        # "Vulnerable JavaScript dependency" only mentions the advisories.
        related=cves(issue.text("issueDetail")),
    )


def _detail(issue: Element) -> str:
    items = (item.text() for item in issue.children("issueDetailItems", "issueDetailItem"))
    texts = (issue.text("issueDetail"), *items)
    return "\n".join(filter(None, map(plain_text, texts)))


def _location(issue: Element, host: str) -> Location:
    path, place = issue.text("path"), issue.text("location")
    # "/search [q parameter]": the insertion point tells the issues of one path apart.
    point = place if place != path else ""
    return Location(url=host + path if path else host, snippet=point, anchor=anchor(point))


PARSER = BurpParser()
